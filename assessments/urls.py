"""The addresses of this app; each view is imported from its room."""

from django.urls import include, path, register_converter

from assessments import home
from assessments.collecting import views as collecting
from assessments.converters import FigureFileConverter, IndicatorConverter, QuarterConverter
from assessments.discussing import views as discussing
from assessments.drafting import views as drafting
from assessments.importing import views as importing
from assessments.reports import views as reports
from assessments.sharing import views as sharing
from assessments.submitting import views as submitting

register_converter(QuarterConverter, "quarter")
register_converter(IndicatorConverter, "indicator")
register_converter(FigureFileConverter, "figurefile")

indicator = [
    path("", discussing.agreed_rating, name="agreed_rating"),
    path("save/", discussing.agreed_rating_save, name="agreed_rating_save"),
    path("bring-forward/", discussing.bring_forward, name="bring_forward"),
    path("presence/", discussing.presence, name="presence"),
    path("different-view/", discussing.different_view, name="different_view"),
    path("different-view/<uuid:view>/withdraw/", discussing.different_view_withdraw, name="different_view_withdraw"),
    path("evidence/", discussing.evidence, name="evidence"),
    path("evidence/<uuid:evidence>/remove/", discussing.evidence_delete, name="evidence_delete"),
]
quarter = [
    path("", home.assessment, name="assessment"),
    path("open/", drafting.assessment_edit, name="assessment_edit"),
    path("start/", drafting.meeting_only, name="meeting_only"),
    path("delete/", drafting.assessment_delete, name="assessment_delete"),
    path("collect/", collecting.collecting_open, name="collecting_open"),
    path("invite/", collecting.invite, name="invite"),
    path("invite/<uuid:invitation>/resend/", collecting.invite_resend, name="invite_resend"),
    path("invite/<uuid:invitation>/revoke/", collecting.invite_revoke, name="invite_revoke"),
    path("progress/", collecting.progress, name="progress"),
    path("helper/", collecting.helper, name="helper"),
    path("code/", collecting.join_code, name="join_code"),
    path("deadline/", collecting.deadline, name="deadline"),
    path("paper/", collecting.paper, name="paper"),
    path("close/", collecting.close, name="close"),
    path("print/ballot/", collecting.print_worksheet, name="print_worksheet"),
    path("print/tally/", collecting.print_tally, name="print_tally"),
    path("print/meeting/", discussing.print_meeting_sheet, name="print_meeting_sheet"),
    path("print/report/", reports.print_report, name="print_report"),
    path("print/report.pdf", reports.print_report_pdf, name="print_report_pdf"),
    path("agenda/", discussing.agenda, name="agenda"),
    path("meet/<indicator:code>/screen/", discussing.meeting_screen, name="meeting_screen"),
    path("meet/<indicator:code>/host/", discussing.meeting_host, name="meeting_host"),
    path("own/", drafting.own_indicators, name="own_indicators"),
    path("set-aside/<slug:milestone>/", drafting.set_aside, name="set_aside"),
    path("story/<slug:milestone>/", discussing.story, name="story"),
    path("story/<slug:milestone>/save/", discussing.story_save, name="story_save"),
    path("beyond/", discussing.story, name="beyond"),
    path("beyond/save/", discussing.story_save, name="beyond_save"),
    path("next-steps/", discussing.next_steps, name="next_steps"),
    path("next-steps/<uuid:step>/remove/", discussing.next_step_remove, name="next_step_remove"),
    path("evidence-files/<uuid:evidence>/", discussing.evidence_file, name="evidence_file"),
    path("check/", submitting.check, name="check"),
    path("done/", submitting.done, name="done"),
    path("reopen/", submitting.reopen, name="reopen"),
    path("revisions/<int:number>/", reports.revision, name="revision"),
    path("sharing/", sharing.sharing, name="sharing"),
    path("sharing/preview/", reports.preview, name="preview"),
    path("sharing/share/", sharing.share, name="share"),
    path("sharing/withdraw/", sharing.withdraw, name="withdraw"),
    path("<indicator:code>/", include(indicator)),
]
ballot = [
    path("", collecting.ballot, name="ballot"),
    path("milestone/<slug:milestone>/", collecting.ballot_milestone, name="ballot_milestone"),
    path("check/", collecting.ballot_check, name="ballot_check"),
    path("done/", collecting.ballot_done, name="ballot_done"),
    path("erase/", collecting.ballot_erase, name="ballot_erase"),
    path("end-device/", collecting.ballot_end_device, name="ballot_end_device"),
    path("<indicator:code>/", collecting.ballot_question, name="ballot_question"),
]
coalition = [
    path("", home.coalition, name="coalition"),
    path("open/", drafting.assessment_new, name="assessment_new"),
    path("import/", importing.import_quarters, name="import_quarters"),
    path("import/template.csv", importing.import_template, name="import_template"),
    path("import/quarters.csv", importing.own_quarters, name="own_quarters"),
    path("events/", discussing.events, name="events"),
    path("events/<uuid:event>/remove/", discussing.event_remove, name="event_remove"),
    path("results/", reports.results, name="results"),
    path("results/figures/<slug:figure>.<figurefile:kind>", reports.results_figure, name="results_figure"),
    path("results/<slug:milestone>/", reports.results_milestone, name="results_milestone"),
    path("files/", reports.own_files, name="own_files"),
    path("files/<str:name>.csv", reports.own_file, name="own_file"),
    path("<quarter:quarter>/", include(quarter)),
]
urlpatterns = [
    path("", home.home, name="home"),
    path("c/<slug:slug>/", include(coalition)),
    path("rate/<slug:slug>/<quarter:quarter>/", include(ballot)),
    path("join/<str:code>/", collecting.join, name="join"),
    path("signin/link/<str:token>/", collecting.signin_link, name="signin_link"),
    path("me/answers/", collecting.my_answers, name="my_answers"),
    path("states/", reports.states, name="states"),
    path("states/figures/<slug:figure>.<figurefile:kind>", reports.states_figure, name="states_figure"),
    path("milestones/", reports.milestones, name="milestones"),
    path("milestones/<slug:milestone>/", reports.milestone, name="milestone"),
    path(
        "milestones/<slug:milestone>/figures/<slug:figure>.<figurefile:kind>",
        reports.milestone_figure,
        name="milestone_figure",
    ),
    path("next-steps/", reports.shared_next_steps, name="shared_next_steps"),
    path("next-steps/figures/<slug:figure>.<figurefile:kind>", reports.next_steps_figure, name="next_steps_figure"),
    path("states/<str:state>.pdf", reports.state_pdf, name="state_pdf"),
    path("states/<str:state>/", reports.state, name="state"),
    path("states/<str:state>/<slug:slug>.pdf", reports.shared_coalition_pdf, name="shared_coalition_pdf"),
    path("states/<str:state>/<slug:slug>/", reports.shared_coalition, name="shared_coalition"),
    path(
        "states/<str:state>/<slug:slug>/figures/<slug:figure>.<figurefile:kind>",
        reports.shared_figure,
        name="shared_figure",
    ),
    path(
        "states/<str:state>/<slug:slug>/<quarter:quarter>/files/<uuid:evidence>/",
        reports.shared_file,
        name="shared_file",
    ),
    path("together/", reports.together, name="together"),
    path("together/figures/<slug:figure>.<figurefile:kind>", reports.together_figure, name="together_figure"),
    path("evaluate/", reports.completeness, name="completeness"),
    path("evaluate/export/", reports.export, name="export"),
    path("evaluate/export/<str:name>.csv", reports.export_file, name="export_file"),
    path("evaluate/export/package.zip", reports.export_package, name="export_package"),
    path("evaluate/export/link/", reports.export_token, name="export_token"),
    path("evaluate/export/link/<uuid:link>/revoke/", reports.export_token_revoke, name="export_token_revoke"),
    path("evaluate/export/t/<str:token>/<str:name>.csv", reports.export_by_link, name="export_by_link"),
    path("evaluate/export/t/<str:token>/package.zip", reports.export_package_by_link, name="export_package_by_link"),
    path("evaluate/codebook/", reports.codebook, name="codebook"),
    path("evaluate/codebook.csv", reports.codebook_file, name="codebook_file"),
    path("evaluate/codebook.md", reports.codebook_markdown, name="codebook_markdown"),
]
