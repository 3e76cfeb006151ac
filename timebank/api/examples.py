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

EXAMPLES: dict[type[inputs.Input], dict[str, Any]] = {
    inputs.SearchQuery: {"q": "liming", "limit": 10},
    inputs.VisitInput: {
        "volunteer": _LI,
        "served": [_WANG],
        "day": "2026-11-20",
        "minutes": 90,
        "service": "company",
        "confirmed": "card",
    },
    inputs.RosterInput: {
        "group": _WANG,
        "day": "2026-11-20",
        "minutes": 120,
        "service": "cleaning",
        "there": [{"volunteer": _LI}],
        "confirmed": "paper",
    },
    inputs.SignedInput: {"code": "123 456"},
    inputs.MembershipInput: {"person": _LI, "from_day": "2026-11-20"},
    inputs.MembershipEndedInput: {"day": "2026-12-31"},
    inputs.WishInput: {"elder": _WANG, "service": "meal", "minutes": 60, "wanted_day": "2026-11-21"},
    inputs.DoneInput: {"volunteer": _LI, "day": "2026-11-21", "minutes": 60, "confirmed": "card"},
    inputs.CancelledInput: {"reason": "cancelled"},
    inputs.SentInput: {"volunteer": _LI},
    inputs.ConfirmedInput: {"code": "1234 5678"},
    inputs.DisputeInput: {"reason": "wrong-minutes"},
    inputs.RatedInput: {"stars": 5},
    inputs.GiftInput: {"giver": _LI, "receiver": _WANG, "minutes": 60, "reason": "family"},
    inputs.DonationInput: {"giver": _LI, "minutes": 30},
    inputs.ReversalInput: {"entry": _ENTRY, "reason": "wrong-minutes", "note": "60 分钟，不是 90"},
    inputs.DoubtInput: {"entry": _ENTRY, "text": "那天他没有来"},
    inputs.VerdictInput: {"decision": "stands", "reply": "签到表上有您的签名，欢迎来站里看"},
    inputs.FindingInput: {"kind": "after-end", "subject": _ENTRY, "period": "2026-11", "outcome": "corrected"},
    inputs.CalledInput: {"entry": _ENTRY, "answer": "given"},
    inputs.DrawInput: {"month": "2026-10"},
    inputs.CertificateInput: {"person": _LI, "first_day": "2026-01-01", "last_day": "2026-11-20"},
    inputs.ObjectionInput: {"objection": "hours"},
    inputs.NameInput: {"name": "李明"},
    inputs.NothingInput: {},
    inputs.FilingInput: {"entries": [_ENTRY], "state": "filed"},
    inputs.GrantInput: {"person": _WANG, "minutes": 60, "reason": "hardship"},
    inputs.DecisionInput: {"approve": True},
    inputs.RegistrationInput: {"name": "李明", "phone": "13800000001", "is_volunteer": True},
    inputs.ProfileInput: {"gender": "f", "speaks": ["zunyi"], "offers": ["meal", "walking"], "grid": "03"},
    inputs.CorrectionInput: {"born": "1948-06-01"},
    inputs.KinInput: {
        "member": _LI,
        "elder": _WANG,
        "relation": "parent",
        "proof": "declaration",
        "scope": ["see_own", "redeem_own"],
        "expires_on": "2027-11-20",
        "monthly_minutes": 600,
    },
    inputs.ClassInput: {
        "person": _WANG,
        "name": "low-income",
        "proof": "allowance-card",
        "from_day": "2026-11-01",
        "expires_on": "2027-10-31",
    },
    inputs.TrainingInput: {"person": _LI, "course": "first-aid", "day": "2026-11-01", "expires_on": "2028-10-31"},
    inputs.GuardianInput: {"person": _LI, "guardian": _WANG, "proof": "consent", "from_day": "2026-11-01"},
    inputs.EndedInput: {"day": "2026-11-20"},
    inputs.RevocationInput: {},
    inputs.SuspensionInput: {"person": _LI},
    inputs.AssessmentInput: {"person": _LI, "need": "medium", "day": "2026-11-01", "accompany": True},
    inputs.LastWishInput: {"person": _LI, "to": "fund"},
    inputs.InheritanceInput: {"number": "20261120-7KQ2MWXA", "minutes": 90},
    inputs.TransferInput: {"giver": _LI, "to": "520302001002", "card": "2045252240", "minutes": 60},
    inputs.ErasureInput: {"person": _LI},
    inputs.HonourInput: {"person": _LI, "named": True},
    inputs.DeathInput: {"person": _WANG, "day": "2026-11-19", "proof": "certificate"},
    inputs.IncapacityInput: {"person": _WANG, "guardian": _LI, "proof": "court"},
    inputs.ClosingInput: {"person": _LI, "reason": "moved-away"},
    inputs.SessionInput: {"name": "clerk", "secret": "a password"},
    inputs.NotesInput: {"entries": [_NOTE]},
    inputs.NoteInput: {"note": _NOTE},
}
