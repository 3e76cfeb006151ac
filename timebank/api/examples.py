"""One good body for each write, as the document shows it."""

from typing import Any

from timebank.schemas import inputs

_LI, _WANG = "01998a3c5b007abc8def0123456789ab", "01998a3c5b007abc8def0123456789ac"
_ENTRY = "01998a3c5b007abc8def0123456789ad"
_NOTE = (
    '{"at":1795166400000,"body":{"reason":"family"},"by":"timebank.zunyi.example/c/520302001001/station-2",'
    '"id":"01998a3c5b007abc8def0123456789ae","kind":"gift","ledger":"timebank.zunyi.example/c/520302001001",'
    '"moves":[["member:11111111111111111111111111111111","member:22222222222222222222222222222222",60]],"v":1}\n\n'
    "\u2014 timebank.zunyi.example/c/520302001001/station-2 (base64 of key id and signature)\n"
)

EXAMPLES: dict[type[inputs.parts.Input], dict[str, Any]] = {
    inputs.room.SearchQuery: {"q": "liming", "limit": 10},
    inputs.hours.VisitInput: {
        "volunteer": _LI,
        "served": [_WANG],
        "day": "2026-11-20",
        "minutes": 90,
        "service": "company",
        "confirmed": "card",
    },
    inputs.hours.RosterInput: {
        "group": _WANG,
        "day": "2026-11-20",
        "minutes": 120,
        "service": "cleaning",
        "there": [{"volunteer": _LI}],
        "confirmed": "paper",
    },
    inputs.orders.SignedInput: {"code": "123 456"},
    inputs.people.MembershipInput: {"person": _LI, "from_day": "2026-11-20"},
    inputs.people.MembershipEndedInput: {"day": "2026-12-31"},
    inputs.orders.WishInput: {"elder": _WANG, "service": "meal", "minutes": 60, "wanted_day": "2026-11-21"},
    inputs.orders.DoneInput: {"volunteer": _LI, "day": "2026-11-21", "minutes": 60, "confirmed": "card"},
    inputs.orders.CancelledInput: {"reason": "cancelled"},
    inputs.orders.CandidateQuery: {"q": "liming"},
    inputs.orders.SentInput: {"volunteer": _LI},
    inputs.orders.ConfirmedInput: {"code": "1234 5678"},
    inputs.orders.DisputeInput: {"reason": "wrong-minutes"},
    inputs.orders.RatedInput: {"stars": 5},
    inputs.hours.GiftInput: {"giver": _LI, "receiver": _WANG, "minutes": 60, "reason": "family"},
    inputs.hours.AlongInput: {"second": _LI},
    inputs.hours.DonationInput: {"giver": _LI, "minutes": 30},
    inputs.hours.ReversalInput: {"entry": _ENTRY, "reason": "wrong-minutes", "note": "60 分钟，不是 90"},
    inputs.care.DoubtInput: {"entry": _ENTRY, "text": "那天他没有来"},
    inputs.care.VerdictInput: {"decision": "stands", "reply": "签到表上有您的签名，欢迎来站里看"},
    inputs.care.TakingInput: {"kind": "after-end", "subject": _ENTRY, "period": "2026-11"},
    inputs.care.FindingInput: {"kind": "after-end", "subject": _ENTRY, "period": "2026-11", "outcome": "corrected"},
    inputs.care.CalledInput: {"entry": _ENTRY, "answer": "given"},
    inputs.desk.CloseInput: {"day": "2026-11-20", "slips": 12, "box": "2026-03"},
    inputs.desk.RenewalInput: {"person": _WANG, "card": "2345678906"},
    inputs.care.CheckedInput: {"kinship": _LI, "answer": "true"},
    inputs.care.DrawInput: {"month": "2026-10"},
    inputs.care.CertificateInput: {"person": _LI, "first_day": "2026-01-01", "last_day": "2026-11-20"},
    inputs.care.ObjectionInput: {"objection": "hours"},
    inputs.room.NameInput: {"name": "李明"},
    inputs.room.NothingInput: {},
    inputs.care.FilingInput: {"entries": [_ENTRY], "state": "filed"},
    inputs.people.PinInput: {"pin": "280471"},
    inputs.people.OwnPinInput: {"old": "280471", "pin": "913580"},
    inputs.people.GrantInput: {"person": _WANG, "minutes": 60, "reason": "hardship"},
    inputs.room.DecisionInput: {"approve": True},
    inputs.people.RegistrationInput: {"name": "李明", "phone": "13800000001", "is_volunteer": True},
    inputs.people.ProfileInput: {"gender": "f", "speaks": ["zunyi"], "offers": ["meal", "walking"], "grid": "03"},
    inputs.people.OwnProfileInput: {"offers": ["meal"], "times": ["sat-am"], "goes_to": ["04"], "phone": "13800000001"},
    inputs.people.CorrectionInput: {"born": "1948-06-01"},
    inputs.people.KinInput: {
        "member": _LI,
        "elder": _WANG,
        "relation": "parent",
        "proof": "declaration",
        "scope": ["see_own", "redeem_own"],
        "expires_on": "2027-11-20",
        "monthly_minutes": 600,
    },
    inputs.papers.ClassInput: {
        "person": _WANG,
        "name": "low-income",
        "proof": "allowance-card",
        "from_day": "2026-11-01",
        "expires_on": "2027-10-31",
    },
    inputs.papers.TrainingInput: {
        "person": _LI,
        "course": "first-aid",
        "day": "2026-11-01",
        "expires_on": "2028-10-31",
    },
    inputs.papers.GuardianInput: {"person": _LI, "guardian": _WANG, "proof": "consent", "from_day": "2026-11-01"},
    inputs.papers.EndedInput: {"day": "2026-11-20"},
    inputs.people.RevocationInput: {},
    inputs.papers.SuspensionInput: {"person": _LI},
    inputs.papers.AssessmentInput: {"person": _LI, "need": "medium", "day": "2026-11-01", "accompany": True},
    inputs.papers.StayInput: {"person": _WANG, "from_day": "2026-11-01", "expires_on": "2026-11-09"},
    inputs.papers.LastWishInput: {"person": _LI, "to": "fund"},
    inputs.papers.InheritanceInput: {"number": "20261120-7KQ2MWXA", "minutes": 90},
    inputs.hours.TransferInput: {"giver": _LI, "to": "520302001002", "card": "2045252240", "minutes": 60},
    inputs.papers.ErasureInput: {"person": _LI},
    inputs.people.LoginQuery: {"name": "clerk"},
    inputs.people.RoleInput: {"role": "clerk", "where": "520302001001"},
    inputs.people.HonourInput: {"person": _LI, "named": True},
    inputs.papers.DeathInput: {"person": _WANG, "day": "2026-11-19", "proof": "certificate"},
    inputs.papers.IncapacityInput: {"person": _WANG, "guardian": _LI, "proof": "court"},
    inputs.papers.ClosingInput: {"person": _LI, "reason": "moved-away"},
    inputs.room.SessionInput: {"name": "clerk", "secret": "a password"},
    inputs.room.NotesInput: {"entries": [_NOTE]},
    inputs.room.NoteInput: {"note": _NOTE},
}
