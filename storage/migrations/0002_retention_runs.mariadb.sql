-- What a run of the retention module found: written once, never changed. content is proto JSON of the result.
CREATE TABLE retention_runs (
  id BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  model_kind BIGINT NOT NULL,
  content MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  create_time BIGINT NOT NULL,
  created_by BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;
