"""The metrics of a single run, in words. The code that computes them says the same in its own way; tests hold both."""

from paceport.training.metrics.definition import Metric

_ELEVATE = "the Elevate project's fit to it (stream-processor.ts)"

RUN_METRICS: tuple[Metric, ...] = (
    Metric(
        name="distance",
        title="Distance",
        definition="How far the run went, from its first sample to its last. The distance that the device recorded "
        "is used. Only if there is none is it computed from positions.",
        formula="last minus first recorded distance, or the sum of great-circle distances between positions "
        "(haversine)",
        unit="m",
        constants=("Radius of the Earth 6,371,008.8 m.",),
        edge_cases=(
            "If the distance decreases, the highest value so far is kept.",
            "Samples without a distance are skipped: it runs straight between their neighbours.",
            "Nothing is counted across a gap (see cleaning).",
            "Without distance and positions it is not known.",
        ),
        examples=("Lyon to Paris is 392,217 m.", "0.0001 degrees of latitude are 11.12 m."),
        source="IUGG mean radius; the sphere is within 0.6 % of the WGS-84 ellipsoid, below a receiver's noise.",
    ),
    Metric(
        name="elapsed-time",
        title="Elapsed time",
        definition="The time from the first sample to the last, pauses included. Best efforts and races use it.",
        formula="last time minus first time",
        unit="s",
        edge_cases=("Samples that go back in time are dropped.", "Fewer than two samples: not known."),
        source="Strava's glossary.",
    ),
    Metric(
        name="moving-time",
        title="Moving time",
        definition="The elapsed time without standing. A stretch counts as standing if it lasts longer than 15 "
        "seconds and every interval in it is slower than a mile in 30 minutes.",
        formula="sum of the intervals between samples, minus all slow stretches longer than 15 s",
        unit="s",
        constants=("Threshold 0.89408 m/s.", "Longest stop that stays in: 15 s."),
        edge_cases=(
            "A pause of the device is an interval like any other: slow, unless the next sample is far away.",
            "A gap is never moving time (see cleaning).",
            "Without a distance it is not known.",
        ),
        examples=(
            "Ten minutes running, a minute standing, ten minutes running: 1,200 s.",
            "With a stop of 10 s instead: 1,210 s.",
            "A real run of 1,428 s for which Strava says 1,411 s gives 1,411 s.",
        ),
        convention="Strava's rule for runs. Never used for best efforts.",
        source="Strava's glossary (30-minute mile) and engineering blog of 2014 (15 seconds).",
    ),
    Metric(
        name="splits",
        title="Splits",
        definition="The run in kilometres or miles, and a last split for the rest. Each has its elapsed and "
        "moving time, its speeds, the difference in altitude between its ends, and its mean heart rate.",
        formula="a split ends when its last metre is first reached, interpolated between samples",
        unit="m, s, m/s, bpm",
        constants=("Mile 1,609.344 m.",),
        edge_cases=(
            "Distances and times of the splits add up to the run's.",
            "Standing after the last metre belongs to the last split.",
            "A run of no length, or of more than 2,000 splits, has none.",
        ),
        examples=("2.5 km at 4 m/s: 250, 250 and 125 s.",),
        source="Defined here, to agree with how Strava's pages read.",
    ),
    Metric(
        name="best-efforts",
        title="Best efforts",
        definition="The fastest stretch of each standard length anywhere in the run, in elapsed time. "
        "Both ends may lie between samples, where time is interpolated.",
        formula="the shortest time between passing one point and first reaching the point that is this length "
        "farther on",
        unit="s",
        constants=(
            "Lengths up to 10 km: 400 m, half a mile, 1 km, 1 and 2 miles, 5 and 10 km.",
            "Beyond: 15 km, 10 miles, 20 km, 21,097.5 m, 30 km, 42,195 m, 50 km.",
        ),
        edge_cases=(
            "A run shorter than a length has no effort over it: nothing is scaled up.",
            "A tie goes to the effort that begins first.",
        ),
        examples=(
            "4 m/s throughout: 400 m in 100 s.",
            "300 m in 60 s with 4 m/s before and after: 400 m in 85 s, although no two samples lie so.",
        ),
        convention="Elapsed time, as at Strava. Times here are up to 2 s better than sample-to-sample ones.",
        source="Strava support: segments and best efforts are always based on elapsed time.",
    ),
    Metric(
        name="elevation-gain",
        title="Elevation gain and loss",
        definition="The metres climbed and descended, without the altimeter's noise. A change counts only "
        "once it has reached a threshold since the last change that counted.",
        formula="sum of rises of at least the threshold (falls for the loss)",
        unit="m",
        constants=(
            "Barometer: threshold 2 m on the samples as recorded.",
            "Satellites: a running median over 5 samples, threshold 10 m.",
        ),
        edge_cases=(
            "If the sensor is not known, altitudes that jump are treated as coming from satellites.",
            "They jump if more than one step in a thousand is steeper than 45 % beyond 1.2 m.",
            "Fewer than two altitudes, as on a treadmill: not known.",
            "Altitudes above 12 km are ignored.",
        ),
        examples=(
            "A saw-tooth of half a metre up and down on the flat: 0 m.",
            "Two real runs with a barometer: 138 and 350 m where the devices say 142 and 347 m.",
            "A real run with satellites alone: 56 m where Strava says 62 m; the raw rises add up to 139 m.",
        ),
        convention="No terrain model is used, so values from satellites can differ from Strava's by 10 % or more.",
        source="Strava support on elevation; thresholds checked on real runs.",
    ),
    Metric(
        name="grade",
        title="Grade",
        definition="How steep the route is, from the smoothed altitude along it.",
        formula="central difference of the altitude on a 5 m grid of distances, after a centred mean",
        unit="fraction; 0.1 is 10 %",
        constants=("Mean over 35 m with a barometer, 105 m from satellites.", "Held within -0.45 and +0.45."),
        edge_cases=("Without altitude it is not known, and neither is what depends on it.",),
        source="The 35 m agree best with Strava's figures on runs with a barometer; 105 m on one with satellites.",
    ),
    Metric(
        name="grade-adjusted-pace",
        title="Grade-adjusted pace",
        definition="The pace on flat ground that would have given the same heart rate. The average is the moving time "
        "over the adjusted metres, each metre weighed by its grade.",
        formula="moving time / sum(f(g) · ds), f = 1 + 0.0292909 g + 0.00180840 g² + 4.06624e-7 g³ - 3.68619e-7 g⁴"
        " - 2.66281e-9 g⁵, g the grade in %",
        unit="m/s (shown as min/km or min/mile)",
        constants=("The grade is held within ±45 %.",),
        edge_cases=("It is not the mean of the instantaneous paces.", "Without altitude it is not known."),
        examples=("f(-20) = 1.0838, f(-10) = 0.8841, f(0) = 1, f(10) = 1.4702, f(20) = 2.2449.",),
        convention="The model of equal heart rate that Strava described in 2017; the formula is a fit, because "
        "Strava published none. On real runs it is within 5 % of Strava's own figure.",
        source=f"Robb, An Improved GAP Model, Strava engineering, 2017; {_ELEVATE}.",
    ),
    Metric(
        name="grade-adjusted-pace-minetti",
        title="Grade-adjusted pace by energy",
        definition="The pace on flat ground that would have cost as much energy. It gives descents more weight "
        "than heart rate does.",
        formula="as grade-adjusted pace, with f = C(g)/3.6, C = 155.4 g⁵ - 30.4 g⁴ - 43.3 g³ + 46.3 g² + 19.5 g + 3.6",
        unit="m/s (shown as min/km or min/mile)",
        constants=("C in J per kg and m, g the grade as a fraction, held within ±0.45 as measured.",),
        examples=("C(0) = 3.6, C(0.1) = 5.968, C(-0.1) = 2.152; running costs least at a grade of -0.18.",),
        convention="An energy model, 5 % off Strava's figure on average where the other is 1.7 % off.",
        source="Minetti et al., J Appl Physiol 93:1039-1046, 2002, doi 10.1152/japplphysiol.01177.2001.",
    ),
    Metric(
        name="heart-rate",
        title="Heart rate",
        definition="The mean over the time for which it is known, the highest value, and the share of the recorded "
        "time "
        "covered. The rate of a sample stands for the interval that ends with it.",
        formula="sum(rate · seconds) / sum(seconds)",
        unit="bpm; coverage 0 to 1",
        constants=("Rates below 25 or of 250 and more count as missing.", "Intervals over 30 s are pauses or gaps."),
        edge_cases=(
            "A gap that the runner ran through lowers the coverage; a pause does not.",
            "No rate at all: not known.",
        ),
        source="Defined here; within 1 bpm of the devices' own figures on real runs.",
    ),
    Metric(
        name="heart-rate-zones",
        title="Heart rate zones",
        definition="The athlete's own zones if they are known. Otherwise Strava's default: four edges at shares "
        "of the maximum, five zones.",
        formula="edges = round(0.65, 0.81, 0.89, 0.97 times the maximum)",
        unit="bpm",
        edge_cases=("A rate on an edge belongs to the harder zone.", "The last zone is open."),
        examples=("Maximum 171: 111, 139, 152, 166.", "Maximum 178: 116, 144, 158, 173."),
        convention="The shares were recovered from real replies. Strava's default maximum is 220 minus the age.",
        source="Recorded replies of GET /athlete/zones.",
    ),
    Metric(
        name="time-in-zone",
        title="Time in zone",
        definition="The moving time spent in each heart rate zone, for the seconds the rate is known.",
        formula="sum of the moving seconds per zone",
        unit="s",
        edge_cases=("Standing does not count.", "Without a distance all recorded time counts."),
        source="As at Strava, where the zones add up to the moving time.",
    ),
    Metric(
        name="trimp",
        title="Training impulse (Banister)",
        definition="Minutes weighted by the share of the heart rate reserve used, more than proportionally. "
        "Summed over samples: the mean rate would underestimate intervals.",
        formula="sum(minutes · x · a · e^(k·x)), x = (rate - rest)/(maximum - rest) within 0 and 1",
        unit="none",
        constants=("Men a 0.64, k 1.92.", "Women a 0.86, k 1.67."),
        edge_cases=(
            "Time without a rate is left out; the coverage is shown with it.",
            "Without resting and maximum rate it is not known.",
            "If the sex is not known, the male constants are used.",
        ),
        examples=("30 minutes at 130, rest 40, maximum 200: 31.80 for a man, 37.13 for a woman.",),
        convention="Women's a is 0.86. Some tools keep 0.64 for both; the variant `fellrnr` does so for comparison "
        "(27.63).",
        source="Banister 1991; Morton, Fitz-Clarke and Banister, J Appl Physiol 69:1171, 1990.",
    ),
    Metric(
        name="edwards-trimp",
        title="Training impulse (Edwards)",
        definition="Minutes in five bands of the maximum heart rate from 50 % up, 10 % each, weighted 1 to 5.",
        formula="sum(minutes in tenth · 1…5)",
        unit="none",
        edge_cases=(
            "Below 50 % counts 0.",
            "Exactly 90 % belongs to the fifth band.",
            "Rates above the maximum count 5.",
        ),
        examples=("10, 20, 15, 5 and 2 minutes: 125.",),
        source="Edwards, The Heart Rate Monitor Book, 1993.",
    ),
    Metric(
        name="heart-rate-stress",
        title="Heart rate stress (hrTSS)",
        definition="The training impulse as a percentage of that of one hour at the lactate threshold.",
        formula="100 · TRIMP / TRIMP(60 min at threshold)",
        unit="none; 100 is an hour at threshold",
        edge_cases=("Without a threshold heart rate it is not known.",),
        source="Coggan's training stress, with Banister's impulse in place of power.",
    ),
    Metric(
        name="efficiency-factor",
        title="Efficiency factor",
        definition="How far you get per heartbeat: grade-adjusted speed divided by heart rate, over the moving "
        "time with a "
        "heart rate, without the first 10 minutes.",
        formula="(adjusted m / min) / (beats / min)",
        unit="m per beat",
        constants=("At least 20 minutes of such time, and a coverage of 90 %.",),
        edge_cases=("Without altitude, plain speed is used, and this is said.", "Below these limits: not known."),
        examples=("3 m/s at 150 bpm: 1.2.",),
        convention="Means over time. Tools that use medians of steady windows give other figures.",
        source="Friel, Efficiency Factor and Decoupling.",
    ),
    Metric(
        name="decoupling",
        title="Aerobic decoupling",
        definition="How much the efficiency factor falls from the first to the second half of the time it is taken "
        "over.",
        formula="100 · (EF₁ - EF₂) / EF₁, over two halves of equal moving time",
        unit="%",
        constants=("At least 40 minutes of moving time with a heart rate; the first 10 are cut.",),
        edge_cases=(
            "Lost beats are left out of distance, time and rate at once, so the halves stay aligned.",
            "Negative when the second half was the better one.",
        ),
        examples=("3 m/s at 150, then at 157.5 bpm: 4.76 %.",),
        convention="Halves by moving time. Some tools halve by the number of samples.",
        source="Friel, Efficiency Factor and Decoupling.",
    ),
    Metric(
        name="cadence",
        title="Cadence",
        definition="Steps per minute, both feet, over the moving time in which steps were counted.",
        formula="60 · steps / seconds",
        unit="steps/min",
        edge_cases=("0, and 300 or more, count as missing.", "No steps at all: not known."),
        source="Defined here. Devices average over their timer, walking and standing included, and show less.",
    ),
    Metric(
        name="step-length",
        title="Step length",
        definition="Metres per step over the same time as the cadence. A stride, in the strict sense, is two of them.",
        formula="metres / steps",
        unit="m",
        examples=("3 m/s at 180 steps a minute: 1.00 m.",),
        source="Defined here.",
    ),
    Metric(
        name="polyline",
        title="Polyline",
        definition="The track as short text, without the points that lie within 5 m of the line through the others.",
        formula="Douglas and Peucker's method, then Google's encoding with 5 decimals",
        unit="text",
        edge_cases=("Fewer than two positions: not known.",),
        source="Google's encoded polyline format; Douglas and Peucker 1973.",
    ),
)
