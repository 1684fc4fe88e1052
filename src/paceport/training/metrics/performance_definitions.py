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
            "Fewer than three such runs: the third highest of all activities' highest rates, of fewer the lowest.",
            "Such a one is called probably too low.",
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
        formula="load by the chosen source, or by another times the median ratio of the two; without any, minutes "
        "times the median load of a minute in that kind of sport",
        unit="that of the chosen source",
        constants=(
            "Order: heart rate, power, pace (of runs), perceived exertion, time.",
            "The ratio is taken from at least 10 of your own activities that have both.",
            "The load of a minute is taken from at least 10 of your activities of that kind that have a load.",
            "The setting `load` chooses the scale.",
            "`auto`: the first of heart rate, power, pace and exertion that gives 0.8 times as many loads as the best.",
            "Threshold speed: your setting, else critical speed at your newest run, else your best hour.",
        ),
        edge_cases=(
            "With fewer than 10 in common the other source stays out.",
            "An activity without a load is left out, and the coverage says so.",
            "An average heart rate alone gives no load: the formula is not a straight line.",
            "Without a threshold heart rate `hrtss` is TRIMP; without a threshold power `power` is work.",
        ),
        convention="A ratio of loads supports no advice on injury (Impellizzeri 2020); none is given.",
        source="Defined here.",
    ),
    Metric(
        name="every-sport",
        title="Figures of every sport",
        definition="What is measured of an activity that is no run: distance, moving time, climb, climb rate, heart "
        "rate, power and load. Rides are shown with their speed, swims with their pace per 100 m or 100 yards, runs, "
        "walks and hikes with their pace. Pace trends, records, predictions and grade adjustment are of runs alone.",
        formula="speed and pace over moving time; climb rate: metres climbed an hour of moving time",
        unit="km/h or mph; min/100 m or min/100 yd; m/h",
        constants=("Moving is faster than 0.894 m/s on a bicycle, 0.2 m/s in water and on a hike, 0.3 m/s elsewhere.",),
        edge_cases=("On water no climb is measured.", "Totals of several sports add up time, climb and load."),
        source="Defined here.",
    ),
    Metric(
        name="race-detection",
        title="Looks like a race",
        definition="Whether a run looks like a race where nobody says so. Four signs count: the title, a standard "
        "distance, few stops, and a time near what your other bests allow. What you marked at Strava, or with "
        "`paceport amend`, decides.",
        formula="few stops and two of title, distance and time; a title that speaks of training denies it",
        unit="yes or no",
        constants=(
            "A standard distance within 1.5 %.",
            "At most 3 % of the elapsed time in stops, and at most 5 % slower than your other bests allow by Riegel.",
            "A title and a standard distance allow 10 % in stops and a time 20 % slower.",
            "Only bests from a quarter of the distance to four times as much count, of three months on either side.",
            "Without a title that says so, it is also 5 % faster than the usual run of these months, by Riegel.",
        ),
        edge_cases=(
            "Words that Strava puts into every title (Lauf, Course, Carrera) say nothing.",
            "Before or after a race is none: after the race, vor dem Wettkampf, race week, not a race.",
            "Without other bests a title and a standard distance are enough.",
        ),
        source="Defined here.",
        version=3,
    ),
    Metric(
        name="marathon-by-mileage",
        title="Marathon by race and mileage",
        definition="A marathon time from a shorter race and the weekly distance of the last eight weeks; from two "
        "races if there are two of different runs in the last 90 days.",
        formula="v = 0.16018617 + 0.83076202 v_R + 0.06423826 m/10 in m/s, v_R by Riegel with 1.07, m miles a week; or "
        "T = t₂ (42195/d₂)^k, k = 1.4510756 - 0.23797948 k₁₂ - 0.01410023 m/10, k₁₂ = ln(t₂/t₁)/ln(d₂/d₁)",
        unit="s",
        constants=(
            "Efforts of 4.9 to 32 km.",
            "Two races: one at least 1.5 times as long, exponent 1.0 to 1.25.",
            "Mean squared error 228 min² (one race), 208 (two); Riegel has 381.",
        ),
        edge_cases=("Runs in fewer than four of the last eight weeks: not known.", "Only for the marathon."),
        examples=("Half marathon in 1:30:00 with 40 miles a week: 3:20:24.", "With 20 miles: 3:28:01."),
        source="Vickers and Vertosick, BMC Sports Sci Med Rehabil 8:26, 2016.",
    ),
    Metric(
        name="marathon-by-training",
        title="Marathon by training alone",
        definition="A marathon time from the weekly distance and the mean pace of the last eight weeks.",
        formula="pace = 17.1 + 140 e^(-0.0053 K) + 0.55 P; K in km a week, paces in s/km",
        unit="s",
        constants=("Fitted to marathons of 2:47 to 3:36; beyond, the prediction says so.",),
        edge_cases=(
            "Runs in fewer than four of the last eight weeks: not known.",
            "Less than 20 km a week: not known.",
            "Only for the marathon.",
        ),
        examples=("60 km a week at 5:00 /km: 3:19:42.",),
        source="Tanda, J Hum Sport Exerc 6:511, 2011; root mean square error 5.4 min.",
    ),
    Metric(
        name="endurance-model",
        title="Endurance model of your races",
        definition="Two numbers fitted to your races of the last year: the speed you can hold for six minutes, and how "
        "fast the speed falls with time. They give a time for any distance of six minutes to eight hours.",
        formula="d = v T (1 - c ln(T / 360 s)); least squares of speed over ln(T / 360 s)",
        unit="s; m/s",
        constants=("v 2 to 7 m/s, c 0.039 to 0.135.", "The fastest race over each distance counts."),
        edge_cases=("Fewer than three distances, or a longest time under twice the shortest: not known.",),
        examples=("v 5 m/s and c 0.06: 5 km in 17:50, marathon in 2:56:27.",),
        source="Emig and Peltonen, Nat Commun 11:4936, 2020.",
    ),
    Metric(
        name="recommended-prediction",
        title="Recommended race time and its range",
        definition="One time for a distance: by the model with the least mean absolute error on your own races, each "
        "predicted from what was known the day before. The range is meant to hold four races in five.",
        formula="predicted time, times the 10 % and 90 % points of race time over predicted time in the back-test",
        unit="s",
        constants=(
            "At least three comparable races: from two thirds to one and a half times the distance.",
            "With fewer, all races below 30 km stand for a distance below 30 km; from 30 km on nothing shorter does.",
            "Without a back-test: mileage from 30 km on, VDOT below, with the published error.",
            "Published, central 80 %: 5.2 %; from 30 km on 25 min (VDOT, Riegel), 19 (mileage), 7 (training).",
        ),
        edge_cases=(
            "With fewer than nine tested races the range is not narrower than the published one.",
            "A model outside the range it was made for is used only where no other answers.",
            "If an effort it starts from was no race, this is said.",
            "In that case, and without nine tested races, the range reaches to a time a fifth faster.",
        ),
        source="Vickers and Vertosick 2016; Emig and Peltonen 2020; Appl Sci 15:10720, 2025 (mean absolute error 3.0 "
        "to 3.5 % on 2,079 runners); the choice is defined here.",
    ),
)
