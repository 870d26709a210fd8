"""What each role may do in the console. PURE.

An agent sees that calls run and how they fare, not what is said in them nor what they cost; a supervisor sees both, and
may use the interpreter and place calls; an admin may do all that the API can.
"""

from typing import Final

from telephony.records.store.tokens import Scope
from telephony.records.store.users import UserRole

SCOPES: Final[dict[UserRole, Scope | None]] = {
    UserRole.AGENT: None,
    UserRole.SUPERVISOR: Scope.CALL,
    UserRole.ADMIN: Scope.ADMIN,
}
"""As which token's equal each role asks the API; None: not at all, since even reading it shows what callers said."""


def sees_words(role: UserRole) -> bool:
    """Whether captions and cost are shown."""
    return role.includes(UserRole.SUPERVISOR)
