"""Files: what people hand in is read and checked here, and what they take home is written here."""

from gis.files.certificate import certificate_of, read_certificate, write_certificate
from gis.files.contacts import read_contacts
from gis.files.draft import draft_study, guess_study
from gis.files.findings import write_findings
from gis.files.geopackage import write_layers, write_plan
from gis.files.plan_diff import write_diff
from gis.files.plan_file import outcome_of_layers, read_layers, read_plan
from gis.files.publishing import public_tables, write_public
from gis.files.reader import check_inputs, read_inputs
from gis.files.register import write_register
from gis.files.register_reading import read_register, read_register_assignment
from gis.files.resolved_study import write_resolved_study
from gis.files.template import write_templates
from gis.files.witness import write_witness

__all__ = [
    "certificate_of",
    "check_inputs",
    "draft_study",
    "guess_study",
    "outcome_of_layers",
    "public_tables",
    "read_certificate",
    "read_contacts",
    "read_inputs",
    "read_layers",
    "read_plan",
    "read_register",
    "read_register_assignment",
    "write_certificate",
    "write_diff",
    "write_findings",
    "write_layers",
    "write_plan",
    "write_public",
    "write_register",
    "write_resolved_study",
    "write_templates",
    "write_witness",
]
