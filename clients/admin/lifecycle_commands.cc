// loyalty-admin retention: stages, moves and candidates of the members of a server.
#include <memory>

#include "clients/admin/commands.h"
#include "clients/admin/member_argument.h"
#include "clients/retention/lifecycle.h"
#include "clients/retention/page_data.h"

namespace loyalty::client {
namespace {

constexpr char kStagesHelp[] =
    "Stages in the order of a customer's life: ACQUIRE (enrolled), CONVERT (first purchases), DEVELOP (comes back),\n"
    "RETAIN (loyal), and REACTIVATE (lapsed from any of these). A day before today is recomputed from the receipts "
    "until\n"
    "then, under the measure in force now.\n\n"
    "Examples:\n"
    "  loyalty-admin retention stages\n"
    "  loyalty-admin retention stages --as-of 2026-06-30 --output json";

constexpr char kClassifyHelp[] =
    "Each receipt moves its member at once; this moves those whom time has moved. The server does it by itself every\n"
    "night (catalogue: retention.schedule). A new measure takes the models of the last fit, the ranking of the last\n"
    "backtest, new cut points and the catalogue's rules; without a fit, one is made. Moves by a new measure have the\n"
    "cause refit: no customer has behaved differently.\n\n"
    "Examples:\n"
    "  loyalty-admin retention classify\n"
    "  loyalty-admin retention classify --measure new";

constexpr char kCandidatesHelp[] =
    "At stake: what a customer would bring in a year if it stayed, after margin, times the probability that it does "
    "not.\n"
    "Worth it: the value at stake covers the cost of a contact (catalogue: retention.candidates), the customer is\n"
    "neither as good as gone nor as good as back, has not refused contact, and is not in the control group.\n\n"
    "Examples:\n"
    "  loyalty-admin retention candidates --limit 20\n"
    "  loyalty-admin retention candidates --not-worth --lost-stage L5 --output json";

constexpr char kTransitionsHelp[] =
    "Forward: REACTIVATE < ACQUIRE < CONVERT < DEVELOP < RETAIN. A move has the day on which it became true, however "
    "late\n"
    "the server noticed. --follow writes moves as they happen; programs keep the position of the last one that they "
    "have\n"
    "dealt with.\n\n"
    "Examples:\n"
    "  loyalty-admin retention transitions --direction backward --from 2026-06-01 --until 2026-06-30\n"
    "  loyalty-admin retention transitions --follow --after 1234 --output json";

template <typename Action>
void AddDayCommand(const Command& group, Program& program, const char* name, const char* description, const char* help,
                   Action action) {
  const auto command = group.AddCommand(name, description);
  auto day = std::make_shared<std::string>();
  command.Add("--as-of", *day, "The day; default: yesterday").Type("DATE");
  command.Footer(help);
  command.OnUse(
      [&program, day, action] { program.Choose([day, action](Session& session) { return action(session, *day); }); });
}

void AddLifecycle(const Command& group, Program& program) {
  const auto command = group.AddCommand("lifecycle", "Where a member stands, why, and what comes next");
  auto argument = std::make_shared<MemberArgument>();
  argument->AddTo(command);
  command.Footer(
      "Examples:\n  loyalty-admin retention lifecycle members/00c0ffee00c0ffee\n"
      "  loyalty-admin retention lifecycle --card 2600000017");
  command.OnUse([&program, argument] {
    program.Choose([argument](Session& session) -> Outcome {
      std::string member;
      if (auto failed = argument->Resolve(session, member)) return failed;
      return ShowLifecycle(session, member);
    });
  });
}

void AddTransitions(const Command& group, Program& program) {
  struct Arguments : MoveOptions {
    bool follow = false;
    std::int64_t after = -1;
  };
  const auto command = group.AddCommand("transitions", "Who has moved between stages, when and why");
  auto arguments = std::make_shared<Arguments>();
  command.Add("--direction", arguments->direction, "Only these").OneOf({"any", "forward", "backward"}).ShowDefault();
  command.Add("--cause", arguments->cause, "Only these")
      .OneOf({"any", "receipt", "timer", "refit", "manual", "merge"})
      .ShowDefault();
  command.Add("--from", arguments->from, "The first day; default: all").Type("DATE");
  command.Add("--until", arguments->until, "The last day; default: today").Type("DATE");
  command.Add("--member", arguments->member, "Only this member").Type("members/M");
  for (auto [flag, stage] : {std::pair("--from-stage", &arguments->from_stage), {"--to-stage", &arguments->to_stage}})
    command.Add(flag, *stage, "Only these").OneOf({"ACQUIRE", "CONVERT", "DEVELOP", "RETAIN", "REACTIVATE"});
  command.Add("--limit", arguments->limit, "At most this many").Positive().ShowDefault();
  command.AddFlag("--follow", arguments->follow, "Write moves as they happen, until stopped");
  command.Add("--after", arguments->after, "With --follow: begin after this position; 0: with the first move");
  command.Footer(kTransitionsHelp);
  command.OnUse([&program, arguments] {
    program.Choose([arguments](Session& session) {
      return arguments->follow ? FollowMoves(session, arguments->after) : ShowMoves(session, *arguments);
    });
  });
}

void AddMatrix(const Command& group, Program& program) {
  struct Arguments {
    std::string from, until;
  };
  const auto command = group.AddCommand("matrix", "Who stood where on one day, and where on another");
  auto arguments = std::make_shared<Arguments>();
  command.Add("--from", arguments->from, "The first day").Type("DATE").Required();
  command.Add("--until", arguments->until, "The other day").Type("DATE").Required();
  command.Footer("Example:\n  loyalty-admin retention matrix --from 2026-03-31 --until 2026-06-30");
  command.OnUse([&program, arguments] {
    program.Choose([arguments](Session& session) { return ShowMatrix(session, {arguments->from, arguments->until}); });
  });
}

void AddCandidates(const Command& group, Program& program) {
  const auto command = group.AddCommand("candidates", "Whom it is worth to win back, and whom not");
  auto options = std::make_shared<CandidateOptions>();
  command.AddFlag("--not-worth", options->not_worth, "Those whom it is not worth to win back, and why");
  command.Add("--lost-stage", options->lost_stage, "Only this one").OneOf({"L2", "L3", "L4", "L5", "L6"});
  command.Add("--store", options->store, "Only members of this store").Type("stores/S");
  command.Add("--min-value", options->min_value_minor, "Only with so much at stake, in minor units");
  command.Add("--limit", options->limit, "At most this many").Positive().ShowDefault();
  command.Footer(kCandidatesHelp);
  command.OnUse([&program, options] {
    program.Choose([options](Session& session) { return ShowCandidates(session, *options); });
  });
}

void AddClassify(const Command& group, Program& program) {
  const auto command = group.AddCommand("classify", "Bring the standing of all members up to date");
  auto options = std::make_shared<ClassifyOptions>();
  command.Add("--measure", options->measure, "What they are measured by").OneOf({"auto", "keep", "new"}).ShowDefault();
  command.AddFlag("--everybody", options->everybody, "Look also at those who cannot have moved");
  command.Footer(kClassifyHelp);
  command.OnUse(
      [&program, options] { program.Choose([options](Session& session) { return Classify(session, *options); }); });
}

void AddReport(const Command& group, Program& program) {
  const auto command = group.AddCommand("report", "All of it as one page to look at");
  auto options = std::make_shared<PageOptions>();
  command.Add("--html", options->file, "Where to write it").Type("FILE").Required();
  command.Add("--language", options->language, "Of the page").OneOf({"en", "de"}).ShowDefault();
  command.Add("--as-of", options->as_of, "The day; default: yesterday").Type("DATE");
  command.Add("--title", options->title, "What stands above it");
  command.Footer(
      "One file that needs nothing else: stages and the flow between them, recency and frequency, cohorts, whether "
      "the\n"
      "model can be trusted, whom to win back.\n\n"
      "Example:\n  loyalty-admin retention report --html report.html --language de");
  command.OnUse(
      [&program, options] { program.Choose([options](Session& session) { return WritePage(session, *options); }); });
}

}  // namespace

void AddLifecycleCommands(const Command& group, Program& program) {
  AddClassify(group, program);
  AddDayCommand(group, program, "stages", "How many members stand where", kStagesHelp, ShowStages);
  AddLifecycle(group, program);
  AddTransitions(group, program);
  AddMatrix(group, program);
  AddDayCommand(group, program, "rfm-matrix", "Members by recency and frequency, under the cut points in force",
                "Example:\n  loyalty-admin retention rfm-matrix --as-of 2026-06-30", ShowRfmMatrix);
  AddCandidates(group, program);
  AddReport(group, program);
}

}  // namespace loyalty::client
