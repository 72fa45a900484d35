#!/usr/bin/python3
"""A small till for a Stammgast server: an example to read beside docs/INTEGRATION.md, in which every step is for real. The
stubs that protoc made must be on PYTHONPATH (docs/INTEGRATION.md, 1).

Each command prints one JSON line (resend: one for each request sent). Exit codes: 0 done; 1 refused, show `message`;
2 usage; 3 no answer yet, it is in the journal: sell on, `resend` later; 4 the key is not valid, it is in the journal: get
a new key, then `resend`; 5 a mistake of this program: see stderr."""
import argparse, hashlib, json, os, pathlib, re, sys, time, uuid
from grpc import RpcError, StatusCode, secure_channel, ssl_channel_credentials
from google.rpc import error_details_pb2, status_pb2
from loyalty.v1 import admin_service_pb2 as admin, errors_pb2 as errors, member_service_pb2 as member
from loyalty.v1 import receipt_pb2, redemption_pb2 as redemption, scan_pb2 as scan, terminal_service_pb2 as terminal

METHODS = {  # what goes through the journal: the path of the method and the type of its answer
    "Scan": ("/loyalty.v1.TerminalService/Scan", scan.ScanResponse),
    "Redeem": ("/loyalty.v1.TerminalService/Redeem", redemption.RedeemResponse),
    "CancelRedemption": ("/loyalty.v1.TerminalService/CancelRedemption", redemption.CancelRedemptionResponse),
    "EnrollMember": ("/loyalty.v1.MemberService/EnrollMember", member.EnrollMemberResponse),
    "RenewKey": ("/loyalty.v1.AdminService/RenewKey", admin.RenewKeyResponse)}
HELLO = "/loyalty.v1.TerminalService/GetProgramInfo"
SHOWN = ("member", "created", "redemption", "points", "value_minor", "reward", "points_restored")  # fields of a result
DONE, REFUSED, NO_ANSWER, BAD_KEY, MISTAKE = 0, 1, 3, 4, 5
AGAIN, LATER = "again", "later"  # repeat it, for it may be the network; keep it, and go on with the others
BY_CODE = {  # the table of docs/INTEGRATION.md, 5, for errors without a reason that we know; else REFUSED
    StatusCode.UNAVAILABLE: AGAIN, StatusCode.DEADLINE_EXCEEDED: AGAIN, StatusCode.RESOURCE_EXHAUSTED: AGAIN,
    StatusCode.ABORTED: AGAIN, StatusCode.CANCELLED: AGAIN, StatusCode.INTERNAL: LATER, StatusCode.UNKNOWN: LATER,
    StatusCode.UNIMPLEMENTED: LATER, StatusCode.UNAUTHENTICATED: BAD_KEY, StatusCode.INVALID_ARGUMENT: MISTAKE}


def rename_safely(old, new):
    os.replace(old, new)
    folder = os.open(new.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def write_safely(path, data):
    """All or nothing, on the disk when it returns, readable by the till only."""
    part = path.with_name(path.name + ".part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as f:
        f.write(data)
        f.flush()
        os.fsync(f.fileno())
    rename_safely(part, path)


def read_details(error):
    """The google.rpc messages that came with an error, by the names of their types; those that did not come are empty."""
    kinds = ("ErrorInfo", "RetryInfo", "LocalizedMessage", "BadRequest")
    found = {kind: getattr(error_details_pb2, kind)() for kind in kinds}
    for name, value in error.trailing_metadata() or ():
        if name == "grpc-status-details-bin":
            for packed in status_pb2.Status.FromString(value).details:
                any(packed.Unpack(message) for message in found.values())
    return found


def judge(code, reason):
    """What to do by the facts that errors.proto states of a reason; one that we do not know goes by its code."""
    known = errors.ErrorReason.DESCRIPTOR.values_by_name.get("ERROR_REASON_" + reason)
    if not known or reason in ("INVALID_ARGUMENT", "INTERNAL"):
        return BY_CODE.get(code, REFUSED)
    retry = known.GetOptions().Extensions[errors.reason_facts].retry
    return {errors.RETRY_NEVER: REFUSED, errors.RETRY_WITH_ANOTHER_KEY: BAD_KEY}.get(retry, AGAIN)


class Till:
    def __init__(self, server, ca, key_file, journal, deadline=2.0, patience=4.0):
        self.channel = secure_channel(server, ssl_channel_credentials(pathlib.Path(ca).read_bytes()))
        self.key_file, self.journal = pathlib.Path(key_file), pathlib.Path(journal)
        self.new_key_file = self.key_file.with_name(self.key_file.name + ".new")
        self.deadline, self.patience = deadline, patience
        (self.journal / "refused").mkdir(mode=0o700, parents=True, exist_ok=True)

    def call(self, path, data, answer_type, key_file=None):
        """One call, with the key that is on disk now: the channel stays open over a rotation."""
        key = (key_file or self.key_file).read_text().strip()
        answer, call = self.channel.unary_unary(path, response_deserializer=answer_type.FromString).with_call(
            data, timeout=self.deadline, metadata=[("authorization", "Bearer " + key), ("accept-language", "de")])
        return answer, dict(call.trailing_metadata()).get("replayed") == "true"

    def do(self, method, request):
        """Journal first, then send. An entry holds the bytes to send; its name says when, what, and which request_id."""
        entries = list(self.journal.glob(f"*.{method}.{request.request_id}.req"))
        if not entries:
            entries = [self.journal / f"{time.time_ns():020}.{method}.{request.request_id}.req"]
            write_safely(entries[0], request.SerializeToString())
        return self.send(entries[0])

    def resend(self):
        """The journal in order, until the network or the key fails; what is refused does not hold up the rest."""
        for entry in sorted(self.journal.glob("*.req")):
            status, said = self.send(entry)
            yield status, said
            if status == BAD_KEY or said.get("verdict") == AGAIN:
                return

    def send(self, entry):
        """Sends an entry until it is answered or patience ends. Answers with an exit code and what to print."""
        method, data = entry.name.split(".")[1], entry.read_bytes()
        end, wait = time.monotonic() + self.patience, 0.1
        while True:
            try:
                answer, replayed = self.call(METHODS[method][0], data, METHODS[method][1])
                if method == "RenewKey" and not self.adopt_new_key(answer.key):
                    return NO_ANSWER, {"method": method, "message": "Der neue Schlüssel gilt noch nicht."}
                entry.unlink(missing_ok=True)
                return DONE, {"method": method, "replayed": replayed, **describe(answer)}
            except RpcError as error:
                details = read_details(error)
                verdict = judge(error.code(), details["ErrorInfo"].reason)
                if verdict == BAD_KEY and self.adopt_new_key():
                    continue
                pause = max(wait, details["RetryInfo"].retry_delay.ToMicroseconds() / 1e6)
                if verdict != AGAIN or time.monotonic() + pause > end:
                    return self.failed(entry, method, verdict, error.code(), details)
            time.sleep(pause)
            wait *= 2

    def failed(self, entry, method, verdict, code, details):
        info = details["ErrorInfo"]
        said = {"method": method, "verdict": verdict, "code": code.name, "reason": info.reason,
                "metadata": dict(info.metadata),
                "message": details["LocalizedMessage"].message or "Keine Antwort. Der Vorgang wird nachgesandt.",
                "fields": {v.field: v.description for v in details["BadRequest"].field_violations}}
        if verdict in (AGAIN, LATER, BAD_KEY):
            return (BAD_KEY if verdict == BAD_KEY else NO_ANSWER), said
        print("till: refused:", entry.name, said, file=sys.stderr)
        if method == "Scan":  # a sale is put aside for somebody to look at
            rename_safely(entry, self.journal / "refused" / entry.name)
        entry.unlink(missing_ok=True)
        return verdict, said

    def rotate_key(self):
        """A key has one successor: the id follows from the key, so neither a crash nor a second program asks for two."""
        digest = hashlib.sha256(b"stammgast renew " + self.key_file.read_bytes().strip()).hexdigest()
        return self.do("RenewKey", admin.RenewKeyRequest(request_id="renew-" + digest[:40]))

    def adopt_new_key(self, key=None):
        """The new key is on disk before anything else; it takes the place of the old one when the server accepts it."""
        if key:
            write_safely(self.new_key_file, key.encode() + b"\n")
        end = time.monotonic() + 6  # a server knows of a new key within 5 seconds
        while self.new_key_file.exists():
            try:
                self.call(HELLO, b"", terminal.GetProgramInfoResponse, self.new_key_file)
                rename_safely(self.new_key_file, self.key_file)
                return True
            except RpcError:
                if not key or time.monotonic() > end:
                    break
            time.sleep(0.5)
        return False


def describe(answer):
    """What a till prints of an answer: no key, no card number."""
    result = answer.result
    if isinstance(answer, admin.RenewKeyResponse):
        return {"key_ends": result.expire_time.ToJsonString()}
    said = {field: getattr(result, field) for field in result.DESCRIPTOR.fields_by_name if field in SHOWN}
    if isinstance(answer, scan.ScanResponse):
        names = {number: name[len("ERROR_REASON_"):] for name, number in errors.ErrorReason.items()}
        said.update(receipt=result.sale.name, points=result.sale.points_earned, rejected=[
            {"what": r.WhichOneof("what"), "reason": names.get(r.reason, r.reason)} for r in result.rejected])
    if answer.HasField("member_snapshot"):
        said.update(balance=answer.member_snapshot.balance.available, greeting=answer.member_snapshot.greeting_name)
    return said


def minor(text):
    if not re.fullmatch(r"\d+\.\d\d", text):
        raise ValueError(text)
    return int(text.replace(".", ""))


def request_of(args):
    """The method and the request of a command, with a request_id of its own. It names the terminal, when told to: sent with
    the key of another one by mistake it is refused then, and not counted a second time."""
    new, card = str(uuid.uuid4()), {"card": args.card} if getattr(args, "card", None) else None
    if args.command == "enroll":
        person = {"given_name": args.given_name} if args.given_name else None
        return "EnrollMember", member.EnrollMemberRequest(request_id=new, identifiers=[card], person=person)
    if args.command == "redeem":
        return "Redeem", redemption.RedeemRequest(
            request_id=new, terminal=args.terminal, identifier=card, points=args.points, reward=args.reward)
    if args.command == "cancel":
        return "CancelRedemption", redemption.CancelRedemptionRequest(
            request_id=new, terminal=args.terminal, redemption=args.redemption, reason="CUSTOMER_CHANGED_MIND")
    request = scan.ScanRequest(request_id=new, terminal=args.terminal, identifier=card)
    request.receipt.MergeFrom(receipt_pb2.Receipt(receipt_no=args.receipt_no, currency_code="EUR", total_minor=args.total))
    request.receipt.business_time.GetCurrentTime()
    if args.redemption:
        request.receipt.payments.add(
            kind=receipt_pb2.PAYMENT_KIND_POINTS, amount_minor=args.points_paid, redemption=args.redemption)
    return "Scan", request


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("--server", "--ca", "--key-file", "--journal"):
        parser.add_argument(option, required=True)
    parser.add_argument("--terminal", help="the terminal whose key it is, stores/{store}/terminals/{terminal}")
    parser.add_argument("--deadline", type=float, default=2, help="seconds for one call")
    parser.add_argument("--patience", type=float, default=4, help="seconds in which a call is repeated")
    commands = parser.add_subparsers(dest="command", required=True)
    for command, options in COMMANDS.items():
        sub = commands.add_parser(command)
        for option in options.split():
            sub.add_argument("--" + option.rstrip("!"), required=option.endswith("!"), type=TYPES.get(option, str))
    args = parser.parse_args()
    till = Till(args.server, args.ca, args.key_file, args.journal, args.deadline, args.patience)
    if args.command == "resend":
        answers = till.resend()
    else:
        answers = [till.rotate_key() if args.command == "rotate-key" else till.do(*request_of(args))]
    worst = DONE
    for status, said in answers:
        print(json.dumps({"status": status, **said}, ensure_ascii=False), flush=True)
        worst = max(worst, status, key=(DONE, REFUSED, MISTAKE, NO_ANSWER, BAD_KEY).index)
    return worst


# Options of the commands, those with ! are required. Amounts are written 17.39; a reward is, say, rewards/coffee.
COMMANDS = {"enroll": "card! given-name", "scan": "card receipt-no! total! redemption points-paid",
            "redeem": "card! points reward", "cancel": "redemption!", "resend": "", "rotate-key": ""}
TYPES = {"total!": minor, "points-paid": minor, "points": int}

if __name__ == "__main__":
    sys.exit(main())
