# The image of the server. Build: docker build -t stammgast .
FROM debian:12 AS build
WORKDIR /src
# The packages first: they change seldom, and this layer is then taken from the cache.
COPY tools/packages tools/packages
RUN tools/packages build && rm -rf /var/lib/apt/lists/*
COPY . .
RUN ./dev build release && strip build/release/bin/loyaltyd build/release/bin/loyalty-admin build/release/bin/loyalty-till

FROM debian:12-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates tzdata libgrpc++1.51 libprotobuf32 libsoci-core4.0 libsoci-mysql4.0 libsoci-sqlite3-4.0 \
        libmariadb3 libsqlite3-0 libabsl20220623 libspdlog1.10 libfmt9 libprometheus-cpp-core1.0 libsodium23 libutf8proc2 libphonenumber8 libtcmalloc-minimal4 \
        libssl3 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /var/lib/loyaltyd --create-home --shell /usr/sbin/nologin loyaltyd
COPY --from=build /src/build/release/bin/loyaltyd /src/build/release/bin/loyalty-admin /src/build/release/bin/loyalty-till /usr/local/bin/
# A library that is missing is found here and not at the first start.
RUN ! ldd /usr/local/bin/loyaltyd /usr/local/bin/loyalty-admin /usr/local/bin/loyalty-till | grep 'not found'

USER loyaltyd
WORKDIR /var/lib/loyaltyd
VOLUME /var/lib/loyaltyd
ENV LOYALTY_STATE_DIR=/var/lib/loyaltyd \
    LOYALTY_LISTEN=0.0.0.0:50051 \
    LOYALTY_HTTP=0.0.0.0:9464
# Health and metrics are reached from outside the container too; who may, is what is published.
EXPOSE 50051 9464
STOPSIGNAL SIGTERM
# bash can ask for a page by itself; no other program is needed for it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${LOYALTY_HTTP##*:} && printf 'GET /healthz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["loyaltyd"]
CMD ["serve"]
