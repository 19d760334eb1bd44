"""The command `rapport`. Every command is imported only when it is called, so that `--help` is quick."""

from shared.cli.group import LazyGroup

COMMANDS = {
    "analysts": ("shared.cli.analysts", "Make read-only users for analysts' own tools."),
    "config": ("shared.cli.config", "Check the settings."),
    "contracts": ("shared.cli.contracts", "Write, check and list the event contracts."),
    "customer": ("shared.cli.customer", "Look at customers."),
    "demo": ("shared.cli.demo", "Play a living sample company."),
    "events": ("shared.cli.events", "Emit one event through the channel library."),
    "export": ("shared.cli.export", "Export tables as Parquet, CSV or XLSX."),
    "import": ("shared.cli.import_file", "Import a file of events through a mapping."),
    "keys": ("shared.cli.keys", "Make, list and revoke API keys."),
    "ledger": ("shared.cli.ledger", "What became of all events, per source."),
    "log": ("shared.cli.log", "Read a service's log."),
    "metric": ("shared.cli.metric", "Measure one metric: as a table, CSV or a picture."),
    "metrics": ("shared.cli.metrics", "List the catalogue of metrics."),
    "projections": ("shared.cli.projections", "List and rebuild projections."),
    "report": ("shared.cli.report", "Answer the questions every company has, and reports of your own."),
    "quarantine": ("shared.cli.quarantine", "Look at refused events, mend and resubmit them."),
    "rpc": ("shared.cli.rpc", "Ask a service over the broker."),
    "sql": ("shared.cli.sql", "Ask exported tables in SQL."),
    "status": ("shared.cli.status", "Whether all services are ready, and how far analytics lags."),
    "webhooks": ("shared.cli.webhooks", "Subscribe URLs to events, test, watch and replay."),
}
main = LazyGroup(
    name="rapport",
    commands=COMMANDS,
    help="Rapport: one customer view from every channel. `./rapport up` starts everything.",
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": None},
)

__all__ = ["main"]
