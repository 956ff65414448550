"""Studies, plans and their versions in a database: SQLite embedded, PostgreSQL by URL."""

from gis.store.change import Change
from gis.store.comments import Comment
from gis.store.edit_chain import Edit, EditChainBrokenError, EditKeyReusedError
from gis.store.job_queue import Job, JobAsked, JobLostError, JobQueue, Ticket
from gis.store.store import Check, Contact, PlanRecord, Store, StudyRecord

__all__ = [
    "Change",
    "Check",
    "Comment",
    "Contact",
    "Edit",
    "EditChainBrokenError",
    "EditKeyReusedError",
    "Job",
    "JobAsked",
    "JobLostError",
    "JobQueue",
    "PlanRecord",
    "Store",
    "StudyRecord",
    "Ticket",
]
