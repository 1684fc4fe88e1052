"""What an athlete can do and what it costs, in words: heart rate limits, curves, loads, races and their predictions."""

from paceport.training.metrics.definition import Metric

PERFORMANCE_METRICS: tuple[Metric, ...] = (
    Metric(
        name="maximum-heart-rate",
        title="Maximum heart rate from runs",
        definition="The third highest mean over one minute in all runs of two years. It is a lower bound: who never "
        "runs all out never shows the maximum. Your own zones or Strava's always win over it.",
        formula="third highest of the best minutes, one a run",
        unit="bpm",
        constants=(
            "Every second of the minute must be known.",
            "Minutes above 220 bpm do not count.",
        ),
        edge_cases=(
            "Fewer than three runs: not known.",
            "It is called probably too low if it is more than 12 bpm below 208 - 0.7 · age.",
            "The same if no run of the last 90 days was above 85 % of it, or half of the runs have a mean above 90 %.",
        ),
        examples=("Best minutes of 191, 188, 185 and 150: 185 bpm.",),
        source="Tanaka, Monahan and Seals, J Am Coll Cardiol 37:153, 2001, for the mean of an age; the rest is defined "
        "here.",
    ),
    Metric(
        name="pace-duration-curve",
        title="Pace-duration curve",
        definition="The best mean speed over each of eleven durations, raw and grade-adjusted, for each season and "
        "over all runs.",
        formula="the most metres in any stretch of that duration, in elapsed time, over the duration",
        unit="m/s (shown as min/km or min/mile)",
        constants=("15, 30 and 60 s; 2, 5, 10, 20 and 30 min; 1, 2 and 4 h.",),
        edge_cases=(
            "No stretch lies across a gap; pauses count.",
            "A run shorter than a duration has no best over it.",
            "Speeds more than 2 % beyond the world's best marks do not count.",
        ),
        examples=("A steady run of 700 s at 3 m/s: 3 m/s over 15 s to 10 min, nothing beyond.",),
        source="Defined here; exact, because the best stretch always has an end on a sample.",
    ),
    Metric(
        name="power",
        title="Power",
        definition="Where power was recorded: its mean, the work, and the best mean over each duration of the "
        "pace-duration curve.",
        formula="sum(power · seconds) / sum(seconds); the work is the sum itself",
        unit="W; kJ",
        constants=("Below 0 or above 3,000 W counts as missing.", "Intervals over 30 s are pauses."),
        edge_cases=("Zeros count in the mean.", "Nothing but zeros: not known.", "No best lies across missing power."),
        convention="Makers of foot pods compute running power in different ways; compare only with your own device.",
        source="Defined here.",
    ),
    Metric(
        name="power-stress",
        title="Training stress from power (TSS)",
        definition="The hours with power, weighted by the square of the normalised power as a share of the threshold.",
        formula="100 · hours · (normalised power / threshold power)²; normalised power is the fourth root of the mean "
        "fourth power of a trailing mean over 30 s",
        unit="none; 100 is an hour at threshold",
        edge_cases=("Without a threshold, or with less than a minute of power: not known.",),
        examples=("One hour at the threshold: 100.",),
        source="Coggan, in Allen and Coggan, Training and Racing with a Power Meter, 2006.",
    ),
    Metric(
        name="pace-stress",
        title="Training stress from pace",
        definition="The moving time, weighted by the square of the grade-adjusted speed as a share of the threshold "
        "speed. It is the load of a run without a heart rate.",
        formula="100/3600 · sum(seconds · (v / threshold)²), v smoothed over 30 s of moving time",
        unit="none; 100 is an hour at threshold",
        constants=("The threshold speed is that of your settings, else critical speed, else your best hour.",),
        edge_cases=("Without altitude, plain speed is used.", "Without a threshold speed: not known."),
        examples=("One hour at the threshold: 100.", "45 minutes at 4.0 m/s with a threshold of 4.4 m/s: 61.98."),
        source="Coggan's training stress, with speed in place of power.",
    ),
    Metric(
        name="session-rpe",
        title="Session RPE",
        definition="How hard a session felt, from 0 to 10, times its minutes.",
        formula="perceived exertion · minutes",
        unit="none",
        edge_cases=("An exertion outside 0 to 10: not known.",),
        examples=("60 minutes at 5: 300.",),
        source="Foster et al., J Strength Cond Res 15:109, 2001.",
    ),
    Metric(
        name="activity-load",
        title="Load of every activity",
        definition="The load of each activity of any sport on one scale. The chosen source is taken where an activity "
        "has it; otherwise the best other source is brought to its scale, and the source is named.",
        formula="load by the chosen source, or by another times the median ratio of the two",
        unit="that of the chosen source",
        constants=(
            "Order: heart rate, power, pace, perceived exertion.",
            "The ratio is taken from at least 10 of your own activities that have both.",
        ),
        edge_cases=(
            "With fewer than 10 in common the other source stays out.",
            "An activity without a load is left out, and the coverage says so.",
        ),
        convention="A ratio of loads supports no advice on injury (Impellizzeri 2020); none is given.",
        source="Defined here.",
    ),
)
