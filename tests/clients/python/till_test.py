#!/usr/bin/python3
"""The whole story of till.py against a running server.

TILL_SERVER, TILL_CA, TILL_KEY_FILE: its address, its certificate, the key of a terminal (it is copied, never changed).
TILL_ENDING_KEY_FILE: another key of that terminal, which ends within 60 days: only such a key can be renewed.
The folder of the stubs must be on PYTHONPATH. May run again and again: cards and receipt numbers are new each time."""
import json, os, pathlib, shutil, signal, socket, stat, subprocess, sys, tempfile, threading, time, unittest, uuid

import grpc
from google.rpc import error_details_pb2, status_pb2
from loyalty.v1 import ledger_service_pb2 as ledger, scan_pb2, terminal_service_pb2 as terminal

CLIENT = pathlib.Path(__file__).resolve().parents[3] / "clients" / "python"
sys.path.insert(0, str(CLIENT))
import till as program

SERVER, CA, KEY_FILE, ENDING_KEY_FILE = (
    os.environ[name] for name in ("TILL_SERVER", "TILL_CA", "TILL_KEY_FILE", "TILL_ENDING_KEY_FILE"))


class Proxy:
    """A wire between till and server. Before each piece of the server's it asks `lose(piece)`: True: the piece is lost and
    the wire is cut; "swallow": the piece is lost. What the till says always arrives."""

    def __init__(self):
        self.lose, self.lost, self.wires = (lambda piece: False), 0, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        host, port = SERVER.rsplit(":", 1)
        while True:
            try:
                near = self.listener.accept()[0]
            except OSError:
                return
            far = socket.create_connection((host.strip("[]"), int(port)))
            self.wires += [near, far]
            threading.Thread(target=self.pump, args=(near, far, False), daemon=True).start()
            threading.Thread(target=self.pump, args=(far, near, True), daemon=True).start()

    def pump(self, source, target, from_server):
        try:
            while piece := source.recv(65536):
                lose = self.lose(piece) if from_server else False
                if not lose:
                    target.sendall(piece)
                    continue
                self.lost += len(piece)
                if lose is True:
                    break
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.listener.close()
        for end in self.wires:
            end.close()


class Story(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="till-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.key_file, self.journal = self.folder / "till.key", self.folder / "journal"
        shutil.copy(KEY_FILE, self.key_file)
        os.chmod(self.key_file, 0o600)
        self.proxy = Proxy()
        self.addCleanup(self.proxy.close)
        self.eye = program.Till(SERVER, CA, KEY_FILE, self.folder / "eye", deadline=30)  # looks, by a wire of its own
        self.addCleanup(self.eye.channel.close)
        self.run_id = uuid.uuid4().hex[:12].upper()
        self.card, self.receipts = "K" + self.run_id, 0

    # Tools

    def command(self, *words, server=SERVER, patience=20, key_file=None):
        return [sys.executable, str(CLIENT / "till.py"), "--server", server, "--ca", CA, "--key-file",
                str(key_file or self.key_file), "--journal", str(self.journal), "--deadline", "20", "--patience", str(patience), *words]

    def till(self, expected, *words, **options):
        """Runs a command, checks its exit code, answers its JSON lines."""
        done = subprocess.run(self.command(*words, **options), capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, expected, done.stdout + done.stderr)
        for secret in (self.key_file.read_text().strip(), self.card):
            self.assertNotIn(secret, done.stdout + done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def receipt_no(self):
        self.receipts += 1
        return f"{self.run_id}-{self.receipts}"

    def sale(self, expected, total, **options):
        return self.till(expected, "scan", "--card", self.card, "--receipt-no", self.receipt_no(), "--total", total, **options)

    def enroll(self):
        said, = self.till(0, "enroll", "--card", self.card, "--given-name", "Ute")
        self.assertEqual((said["created"], said["balance"], said["greeting"]), (True, 0, "Ute"))
        self.member = said["member"]

    def balance(self, seq=0):
        """Available points and ledger position; the server waits until the ledger has come to `seq`."""
        answer, _ = self.eye.call("/loyalty.v1.LedgerService/GetBalance", ledger.GetBalanceRequest(
            member=self.member, min_member_seq=seq).SerializeToString(), ledger.GetBalanceResponse)
        return answer.balance.available, answer.member_seq

    def entries(self):
        return sorted(self.journal.glob("*.req"))

    def lose_answer_after(self, seq, also=lambda: None):
        """The wire is cut at the first piece of the server's after the ledger has come to `seq`: the answer, or what is
        just before it. An answer leaves after its sale was recorded, so it never comes through."""
        def lose(piece):
            if self.balance()[1] < seq:
                return False
            also()
            return True
        self.proxy.lose = lose

    def mend(self):
        self.proxy.lose = lambda piece: False

    # The story

    def test_sale_answer_lost_redeem(self):
        self.enroll()
        said, = self.sale(0, "17.39")
        self.assertEqual((said["points"], said["balance"], said["replayed"], said["rejected"]), (17, 17, False, []))
        self.assertEqual(self.entries(), [])

        self.lose_answer_after(2)
        said, = self.sale(3, "100.00", server=self.proxy.address, patience=0)
        self.assertEqual((said["code"], said["reason"]), ("UNAVAILABLE", ""))
        self.assertIn("nachgesandt", said["message"])
        self.assertGreater(self.proxy.lost, 0)
        self.assertEqual(self.balance(), (117, 2))  # the server has it, the till does not know
        entry, = self.entries()
        self.assertEqual(stat.S_IMODE(entry.stat().st_mode), 0o600)
        kept = scan_pb2.ScanRequest.FromString(entry.read_bytes())
        self.assertIn(kept.request_id, entry.name)
        self.assertEqual(kept.receipt.total_minor, 10000)

        said, = self.till(0, "resend")
        self.assertEqual((said["method"], said["points"], said["balance"], said["replayed"]), ("Scan", 100, 117, True))
        self.assertEqual((self.balance(), self.entries()), ((117, 2), []))
        self.assertEqual(self.till(0, "resend"), [])

        said, = self.till(0, "redeem", "--card", self.card, "--reward", "rewards/coffee")
        self.assertEqual((said["points"], said["value_minor"], said["balance"]), (30, 0, 87))
        said, = self.till(1, "redeem", "--card", self.card, "--points", "100")
        self.assertEqual((said["reason"], said["metadata"]["available"], said["message"]),
                         ("INSUFFICIENT_POINTS", "87", "Es sind nicht genug Punkte da."))
        said, = self.till(1, "redeem", "--card", self.card, "--points", "50")
        self.assertEqual((said["reason"], said["metadata"]["step"]), ("POINTS_NOT_REDEEMABLE", "100"))
        said, = self.till(5, "redeem", "--card", self.card, "--reward", "coffee")
        self.assertEqual(list(said["fields"]), ["reward"])
        self.sale(0, "13.00")
        said, = self.till(0, "redeem", "--card", self.card, "--points", "100")
        self.assertEqual((said["points"], said["value_minor"], said["balance"]), (100, 100, 0))
        paid, = self.till(0, "scan", "--card", self.card, "--receipt-no", self.receipt_no(), "--total", "10.00",
                          "--redemption", said["redemption"], "--points-paid", "1.00")
        self.assertEqual((paid["points"], paid["balance"]), (9, 9))  # what points have paid earns nothing
        self.assertEqual(self.entries(), [])

    def test_program_killed_before_the_answer(self):
        self.enroll()
        running = []
        started = threading.Event()
        self.lose_answer_after(1, also=lambda: (started.wait(), running[0].kill()))
        with subprocess.Popen(self.command("scan", "--card", self.card, "--receipt-no", self.receipt_no(), "--total", "17.39",
                                           server=self.proxy.address), stdout=subprocess.PIPE) as process:
            running.append(process)
            started.set()
            self.assertEqual(process.communicate(timeout=60)[0], b"")
        self.assertEqual(process.returncode, -signal.SIGKILL)
        self.assertEqual(self.balance(), (17, 1))
        said, = self.till(0, "resend")
        self.assertEqual((said["replayed"], said["points"], said["balance"]), (True, 17, 17))
        self.assertEqual((self.balance(), self.entries()), ((17, 1), []))

    def test_till_repeats_by_itself(self):
        """The wire is cut once; within its patience the same command comes back with the answer."""
        self.enroll()
        self.lose_answer_after(1, also=self.mend)
        said, = self.sale(0, "17.39", server=self.proxy.address, patience=60)
        self.assertGreater(self.proxy.lost, 0)
        self.assertEqual((said["replayed"], said["points"], said["balance"]), (True, 17, 17))
        self.assertEqual((self.balance(), self.entries()), ((17, 1), []))

    def test_redemption_answer_lost_and_taken_back(self):
        self.enroll()
        self.sale(0, "250.00")
        self.lose_answer_after(2)
        self.till(3, "redeem", "--card", self.card, "--points", "200", server=self.proxy.address, patience=0)
        self.assertEqual(self.balance(), (50, 2))
        said, = self.till(0, "resend")
        self.assertEqual((said["replayed"], said["points"], said["value_minor"], said["balance"]), (True, 200, 200, 50))
        said, = self.till(0, "cancel", "--redemption", said["redemption"])
        self.assertEqual((said["points_restored"], said["balance"]), (200, 250))
        self.assertEqual(self.balance()[0], 250)

    def test_without_network_in_order(self):
        self.enroll()
        with socket.create_server(("127.0.0.1", 0)) as free:
            nobody = "127.0.0.1:%d" % free.getsockname()[1]
        for total in ("10.00", "20.00", "30.00"):
            self.sale(3, total, server=nobody, patience=0)
        self.assertEqual(len(self.till(3, "resend", server=nobody, patience=0)), 1)  # stops at the first: no network
        self.assertEqual(len(self.entries()), 3)
        said = self.till(0, "resend")
        self.assertEqual([(s["points"], s["balance"], s["replayed"]) for s in said],
                         [(10, 10, False), (20, 30, False), (30, 60, False)])
        self.assertEqual((self.balance(), self.entries()), ((60, 3), []))

    def test_refused_sale_does_not_hold_up_the_journal(self):
        self.enroll()
        with socket.create_server(("127.0.0.1", 0)) as free:
            nobody = "127.0.0.1:%d" % free.getsockname()[1]
        for total in ("10.00", "11.00"):  # the same receipt number twice
            self.till(3, "scan", "--card", self.card, "--receipt-no", self.run_id, "--total", total, server=nobody, patience=0)
        self.sale(3, "20.00", server=nobody, patience=0)
        said = self.till(1, "resend")
        self.assertEqual([s.get("reason") for s in said], [None, "RECEIPT_CONFLICT", None])
        self.assertEqual(said[1]["metadata"]["cause"], "content")
        self.assertIn("Bon", said[1]["message"])
        self.assertEqual(len(list((self.journal / "refused").glob("*.req"))), 1)
        self.assertEqual((self.balance()[0], self.entries()), (30, []))

    def test_unknown_card_and_card_taken(self):
        said, = self.sale(0, "5.00")
        self.assertEqual((said["points"], said["member"]), (0, ""))
        self.assertEqual(said["rejected"], [{"what": "identifier", "reason": "MEMBER_UNKNOWN"}])
        self.enroll()
        said, = self.till(1, "enroll", "--card", self.card)
        self.assertEqual(said["reason"], "IDENTIFIER_TAKEN")

    def test_bad_key_keeps_the_journal(self):
        self.enroll()
        bad = self.folder / "bad.key"
        bad.write_text("nobody's\n")
        said, = self.sale(4, "17.39", key_file=bad)
        self.assertEqual(said["reason"], "UNAUTHENTICATED")
        self.assertIn("nicht angemeldet", said["message"])
        self.assertEqual(len(self.entries()), 1)
        said, = self.till(0, "resend")
        self.assertEqual((said["points"], said["balance"], said["replayed"]), (17, 17, False))

    def test_rotation(self):
        """One till that runs all the time: an answer lost in the rotation, the rotation, and what was before it."""
        shutil.copy(ENDING_KEY_FILE, self.key_file)
        old_key = self.key_file.read_text()
        self.enroll()
        running = program.Till(self.proxy.address, CA, self.key_file, self.journal, deadline=20, patience=30)
        self.addCleanup(running.channel.close)
        hello = running.call(program.HELLO, b"", terminal.GetProgramInfoResponse)[0]
        self.assertRegex(hello.principal, "^stores/.+/terminals/.+$")
        self.assertLess(hello.key_expire_time.seconds - hello.server_time.seconds, 60 * 86400)  # time for another one
        request = scan_pb2.ScanRequest(request_id=str(uuid.uuid4()), identifier={"card": self.card}, receipt={
            "receipt_no": self.receipt_no(), "currency_code": "EUR", "total_minor": 1739})
        request.receipt.business_time.GetCurrentTime()
        sent, (path, answer_type) = request.SerializeToString(), program.METHODS["Scan"]
        first, replayed = running.call(path, sent, answer_type)
        self.assertEqual((first.result.sale.points_earned, replayed), (17, False))

        def lose(piece):  # what is small may be a PING or the like; all is lost, and the wire is cut after the answer
            swallowed.append(len(piece))
            return "swallow" if sum(swallowed) < 200 else True
        swallowed, self.proxy.lose, running.patience = [], lose, 0
        status, said = running.rotate_key()
        self.assertEqual((status, said["reason"]), (program.NO_ANSWER, ""))
        self.assertGreater(self.proxy.lost, 0)
        self.assertEqual(self.key_file.read_text(), old_key)
        self.assertEqual([e.name.split(".")[1] for e in self.entries()], ["RenewKey"])

        self.mend()
        running.patience = 30
        sold = scan_pb2.ScanRequest.FromString(sent)
        sold.request_id, sold.receipt.receipt_no = str(uuid.uuid4()), self.receipt_no()
        status, said = running.do("Scan", sold)  # not locked out: it sells on with the old key
        self.assertEqual((status, said["points"], said["balance"]), (0, 17, 34))

        (status, said), = running.resend()
        self.assertEqual(self.entries(), [])
        self.assertEqual((status, said["replayed"]), (0, True))  # the lost call had made the key
        new_key = self.key_file.read_text()
        self.assertNotEqual(new_key, old_key)
        self.assertNotIn(new_key.strip(), json.dumps(said))
        self.assertEqual(stat.S_IMODE(self.key_file.stat().st_mode), 0o600)
        self.assertEqual([f.name for f in self.folder.iterdir() if "key." in f.name], [])

        again, replayed = running.call(path, sent, answer_type)  # the old request, the new key, the same channel
        self.assertTrue(replayed)
        self.assertEqual(again.result.SerializeToString(), first.result.SerializeToString())
        self.assertEqual(self.balance()[0], 34)
        said, = self.sale(0, "10.00")
        self.assertEqual((said["points"], said["balance"]), (10, 44))
        old = self.folder / "old.key"
        old.write_text(old_key)  # "that one stays valid until its end"
        for key_file in (old, self.key_file):
            running.call(program.HELLO, b"", terminal.GetProgramInfoResponse, key_file)
        said, = self.till(1, "rotate-key")  # the new one lasts
        self.assertEqual(said["reason"], "KEY_NOT_ENDING")

    def test_killed_before_the_new_key_took_its_place(self):
        """till.key is no good any more, till.key.new is: the till finds it by itself."""
        self.enroll()
        shutil.copy(self.key_file, self.folder / "till.key.new")
        good = self.key_file.read_text()
        self.key_file.write_text("ended\n")
        said, = self.sale(0, "17.39")
        self.assertEqual((said["balance"], self.key_file.read_text()), (17, good))

    def test_names_its_terminal(self):
        """The terminal of the key is taken; another one is refused, and the sale is put aside, not lost."""
        self.enroll()
        name = self.eye.call(program.HELLO, b"", terminal.GetProgramInfoResponse)[0].principal
        sale = ("scan", "--card", self.card, "--receipt-no", self.run_id, "--total", "17.39")
        said, = self.till(1, "--terminal", name + "-other", *sale)
        self.assertEqual((said["reason"], list(said["fields"])), ("PERMISSION_DENIED", ["terminal"]))
        self.assertEqual(len(list((self.journal / "refused").glob("*.req"))), 1)
        said, = self.till(0, "--terminal", name, *sale)
        self.assertEqual((said["points"], said["balance"]), (17, 17))

    # What a healthy server does not say: made by hand

    def test_judgements(self):
        code = grpc.StatusCode
        for c, reason, verdict in (
                (code.ABORTED, "CONTENTION", program.AGAIN), (code.RESOURCE_EXHAUSTED, "QUEUE_FULL", program.AGAIN),
                (code.UNAVAILABLE, "CATALOGUE_STALE", program.AGAIN), (code.UNAVAILABLE, "", program.AGAIN),
                (code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", program.AGAIN), (code.DEADLINE_EXCEEDED, "", program.AGAIN),
                (code.DEADLINE_EXCEEDED, "NOT_AFTER_PASSED", program.REFUSED), (code.INTERNAL, "INTERNAL", program.LATER),
                (code.OUT_OF_RANGE, "OVERFLOW", program.REFUSED), (code.UNKNOWN, "", program.LATER),
                (code.FAILED_PRECONDITION, "NEWER_THAN_THIS_TILL", program.REFUSED),
                (code.UNAVAILABLE, "NEWER_THAN_THIS_TILL", program.AGAIN),
                (code.INVALID_ARGUMENT, "INVALID_ARGUMENT", program.MISTAKE),
                (code.UNAUTHENTICATED, "UNAUTHENTICATED", program.BAD_KEY),
                (code.PERMISSION_DENIED, "PERMISSION_DENIED", program.REFUSED)):
            self.assertEqual(program.judge(c, reason), verdict, (c, reason))

    def test_waits_as_long_as_retry_info_says(self):
        busy = status_pb2.Status(code=8)
        for message in (error_details_pb2.ErrorInfo(reason="QUEUE_FULL", domain="stammgast.loyalty"),
                        error_details_pb2.RetryInfo(retry_delay={"nanos": 300_000_000})):
            busy.details.add().Pack(message)

        class Busy(grpc.RpcError):
            code = lambda self: grpc.StatusCode.RESOURCE_EXHAUSTED
            trailing_metadata = lambda self: (("grpc-status-details-bin", busy.SerializeToString()),)

        self.enroll()
        running, times = program.Till(SERVER, CA, self.key_file, self.journal, deadline=20, patience=30), []
        self.addCleanup(running.channel.close)
        call = running.call

        def refuse_once(*arguments):
            times.append(len(times))
            if len(times) == 1:
                raise Busy()
            return call(*arguments)
        running.call = refuse_once
        pauses, sleep = [], time.sleep
        self.addCleanup(setattr, program.time, "sleep", sleep)
        program.time.sleep = pauses.append
        request = scan_pb2.ScanRequest(request_id=str(uuid.uuid4()), identifier={"card": self.card})
        self.assertEqual(running.do("Scan", request)[0], 0)
        self.assertEqual(len(times), 2)
        self.assertEqual(pauses, [0.3])


if __name__ == "__main__":
    unittest.main()
