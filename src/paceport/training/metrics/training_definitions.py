"""What serious runners look for, in words: zones of pace, intensity, durability, heat, hills."""

from paceport.training.metrics.definition import Metric

TRAINING_METRICS: tuple[Metric, ...] = (
    Metric(
        name="pace-zones",
        title="Pace zones",
        definition="Seven zones by the threshold pace, and the moving time in each by grade-adjusted, smoothed speed.",
        formula="time per unit in per cent of the threshold's: 1 above 129, 2 from 114, 3 from 106, 4 from 101, "
        "5a from 97, 5b from 90, 5c below 90",
        unit="m/s (shown as min/km or min/mile); s",
        constants=(
            "Threshold of a run: your setting, else critical speed on its day, else your best hour up to that day.",
        ),
        edge_cases=(
            "What lies between two whole per cents of the published table belongs to the faster zone.",
            "A run on whose day no threshold was known is left out.",
        ),
        examples=("Threshold 4:00 /km: zone 2 is 5:09.6 to 4:33.6.",),
        source="Friel, Total Heart Rate Training and later tables.",
    ),
    Metric(
        name="effective-oxygen-uptake",
        title="Effective VO2max",
        definition="The maximal oxygen uptake that explains the speed of a steady run at its heart rate.",
        formula="(-4.60 + 0.182258 v + 0.000104 v²) / ((100 · rate / maximum - 37) / 64), v grade-adjusted in m/min",
        unit="ml/kg/min",
        constants=(
            "At least 20 minutes of moving time, less than 15 % of stops, a heart rate for 90 % of the time.",
            "One-minute speeds within 15 % of their mean (standard deviation).",
            "A heart rate of 63 to 100 % of the maximum.",
        ),
        edge_cases=("Outside these limits: not known, with the reason.", "It moves with the maximum heart rate."),
        examples=("200 m/min at 150 of 190 bpm: 54.9.",),
        source="Daniels and Gilbert 1979; Swain et al., Med Sci Sports Exerc 26:112, 1994.",
    ),
    Metric(
        name="intensity-distribution",
        title="Intensity distribution and polarisation index",
        definition="The moving time in three zones: below 82 % of critical speed, up to it, and above; or heart rate "
        "zones 1 and 2, 3, 4 and 5. The index is above 2 where training is polarised.",
        formula="log10(easy / moderate · hard · 100), of shares",
        unit="s; index without unit",
        constants=("Critical speed is that of the day of each run.",),
        edge_cases=(
            "A run on whose day no critical speed was known is left out.",
            "Without moderate time 0.01 stands for it, and the hard share is less 0.01.",
            "Without hard time the index is 0.",
            "More hard than easy time: no index, which would call it polarised.",
        ),
        examples=("0.80, 0.05, 0.15: 2.380.", "0.75, 0.15, 0.10: 1.699."),
        source="Treff et al., Front Physiol 10:707, 2019.",
    ),
    Metric(
        name="durability",
        title="Durability",
        definition="How many more heartbeats a metre takes late in a long run than from kilometre 5 to 10, for each "
        "later five kilometres. The last one gives the class.",
        formula="(rate₂ / rate₁) · (v₁ / v₂), v grade-adjusted",
        unit="ratio",
        constants=(
            "Below 1.1 low, to 1.2 moderate, above high drift.",
            "It sets in at the first part from which on all are above 1.025.",
        ),
        edge_cases=(
            "Runs under 15 km: not known.",
            "A heart rate for less than 90 % of a part: not known.",
        ),
        examples=("160 bpm at 3.4 m/s, then 168 at 3.1: 1.152.",),
        source="Smyth et al., Sports Med 52:2283, 2022 (82,303 marathon runners).",
    ),
    Metric(
        name="climb-rate",
        title="Climb rate",
        definition="Metres of rise an hour over every rise of 30 m and more, on the smoothed altitude.",
        formula="rise / elapsed hours, from the last of the lowest points to the highest",
        unit="m/h",
        constants=("A rise ends where the way falls 10 m below its highest point.",),
        edge_cases=("Pauses count.", "Nothing climbs across a gap.", "Without altitude: not known."),
        examples=("100 m in ten minutes: 600 m/h.",),
        source="Defined here.",
    ),
    Metric(
        name="pace-by-grade",
        title="Pace by gradient",
        definition="The pace and the heart rate of all moving time at each gradient, in bins of 2 %.",
        formula="metres / moving seconds, by the grade at the middle of each interval",
        unit="m/s (shown as min/km or min/mile); bpm",
        constants=("The bin of 4 % is from 3 to 5 %.", "Bins with less than a minute are left out."),
        edge_cases=("Not adjusted for the grade.",),
        source="Defined here.",
    ),
    Metric(
        name="heat",
        title="Heat",
        definition="How your own speed at equal heart rate changed with the temperature, with its 95 % interval.",
        formula="coefficient of the temperature in least squares of ln(speed) over temperature and heart rate, within "
        "blocks of 28 days",
        unit="% per °C; below 0 is slower in the warm",
        constants=("At least 40 runs with temperature and heart rate, standard deviation of temperature 3 °C.",),
        edge_cases=(
            "An interval that holds 0 means: no clear effect.",
            "Temperatures that hardly differ within the blocks at equal heart rate: not known.",
            "Too few runs in the same weeks: not known.",
            "Humidity, sun and wind are not in it.",
        ),
        convention="Beside it: the fastest men of marathons were 1.7, 2.5, 3.3 and 4.5 % slower at wet-bulb globe "
        "temperatures of 5 to 10, 10 to 15, 15 to 20 and 20 to 25 °C. Studies disagree on who suffers more.",
        source="Defined here; Ely et al., Med Sci Sports Exerc 39:487, 2007.",
    ),
    Metric(
        name="own-grade-adjustment",
        title="Grade adjustment of your own",
        definition="How many flat metres a metre at a grade is worth to you at equal heart rate, learnt from steady "
        "minutes of your own runs in hills. It is used only if it predicts the heart rate of held-out runs better than "
        "the general model; both errors are shown.",
        formula="(rate - rest) / v at a grade over the same on the flat of that run; difference to the general factor "
        "averaged by bins of 2 %, times t / (t + 0.5 h), then the closest convex curve that is 1 on the flat",
        unit="factor; errors in bpm",
        constants=(
            "At least 20 hours on grades of 2 % and more, in ten runs with five flat minutes each.",
            "A minute counts if its grades lie within 5 % and its heart rate within 5 bpm.",
            "The first ten minutes are left out.",
            "Bins to 24 %; beyond, in proportion to the general model.",
        ),
        edge_cases=(
            "Where little was run in hills it stays near the general model.",
            "What it makes of a single run is learnt from your own data alone, anew after a week.",
        ),
        convention="The general model is that of grade-adjusted-pace.",
        source="Defined here; heart rate reserve against oxygen reserve: Swain and Leutholtz, Med Sci Sports Exerc "
        "29:410, 1997.",
    ),
)
