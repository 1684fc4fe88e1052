import subprocess
import sys

from conftest import ROOT, reads_source

# What commands ask for that need no samples: stored rows are enough, and loading numpy would cost more than the answer.
PLAIN = (
    *("critical_speed", "durability", "effective_vo2max", "endurance_model", "heat", "intensity_distribution"),
    *("marathon_formulas", "maximum_heart_rate", "pace_by_grade", "pace_duration_curve", "pace_zones"),
    *("race_back_test", "race_detection", "race_models", "training_load"),
)


@reads_source
def test_metrics_of_stored_rows_load_no_numpy() -> None:
    imports = "".join(f"import paceport.training.metrics.{name}\n" for name in PLAIN)

    ended = subprocess.run(
        [sys.executable, "-c", f"import sys\n{imports}print('numpy' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT / "src",
        timeout=60,
    )

    assert ended.stdout.strip() == "False"
