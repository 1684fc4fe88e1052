"""Cleaning in words: what happens to samples before anything is computed from them."""

from paceport.training.metrics.definition import Metric

CLEANING = Metric(
    name="cleaning",
    title="Cleaning",
    definition="Impossible samples are found when a file is imported, and repaired or left out before "
    "anything is computed. Each kind of repair is counted in a note, shown by `import` and `run`. The file itself is "
    "kept unchanged, byte by byte.",
    formula="a sample is doubtful where the speed between neighbours is above 12.5 m/s, or above 7 m/s and three times "
    "the median of the 21 steps round it (on foot; elsewhere 45 and 20 m/s); a doubtful stretch of at most 60 s from "
    "which the track comes back is put on the line between its neighbours; what does not come back is a gap; "
    "up to five samples aside are put on the line, too, where they add 1.2 m each to what is beyond the usual steps",
    unit="samples, by kind",
    constants=(
        "A gap is a break of more than 10 s, and of four usual intervals, whose ends lie more than 50 m apart.",
        "It is none where the device counted the distance.",
        "A step of more than 12.5 m/s is one too, and a break that implies more than 7 m/s.",
        "No distance, no moving time and no best effort lies across a gap; elapsed time counts it.",
        "Any other break is a pause.",
        "Two minutes over more than 1,000 m were not run, nor one over 520 m: that is a vehicle, and a gap.",
        "So is, as a bus drives between its stops, a mean of fourth powers above 7.05 m/s in 300 s, 6.9 m/s in 600 s.",
        "So is a minute without a step, a third faster than any minute with steps.",
        "It goes on over a wait of a minute, to where the speed is above 7 m/s again.",
        "Where nine tenths of all motion are that fast, or a third in over three vehicles, all stays and is doubted.",
        "Altitudes of 0 and -500 m more than 20 m from their neighbours are left out, and spikes of more than 20 m.",
        "Heart rates outside 25 to 240, and single ones more than 40 beats off both neighbours, are left out.",
        "So are cadences above 300 and power above 2,000 W on foot (elsewhere 250 and 3,000 W).",
        "Positions at 0/0, and such as repeat for more than 10 s while the distance grows by 20 m, are left out.",
        "A stated distance counts unless nearly all was recorded and differs from it by more than a factor of two.",
        "Elapsed time is that of the samples unless the device states more, by a day at most.",
    ),
    edge_cases=(
        "A distance that the device counted wins over positions, and only its own jumps are judged.",
        "Where it says twice what lies between the positions, in each quarter of a stretch, half of it counts.",
        "A usual step is up to 12 % longer than the median of forty, or twice as far above as a quarter lies below.",
        "A leap of the counter gives way to what the steps round it make in its time.",
        "It counts from 0; parts that began anew are added up, kilometres become metres, leaps do not count.",
        "A treadmill's speed without a distance is summed up; without either the device's timer is the moving time.",
        "A cadence whose median is above 120 counts both feet already and is not doubled.",
        "A sport that the file does not say is guessed from its speeds and cadence, and shown as guessed.",
        "Dates before 1990 or more than two days ahead are ignored.",
    ),
    examples=(
        "An hour at 3.0 m/s with one point 300 m aside for a second: 10,800 m, best kilometre 333.3 s.",
        "Two runs of 2 km with a bus ride of 5 km between them: 4 km, no best effort over 5 km.",
    ),
    source="Defined here. The fastest sprint measured peaks at 12.4 m/s; the world record over 1,000 m is 132 s.",
)
