"""Stories of an invented news web, 2000 to 2018, and the pages that stood in their way when archives came by."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """What a desk wrote; a paragraph a line."""

    headline: str
    byline: str
    text: str

    @property
    def paragraphs(self):
        return [line.strip() for line in self.text.strip().splitlines()]


LOCK_GATE = Story(
    headline="Lock gate fails at Fenwick, stranding forty barges",
    byline="By Hanne Oldroyd",
    text="""
The upper gate of Fenwick lock gave way shortly before dawn on Thursday, emptying two kilometres of canal into the
river and leaving forty barges aground on the mud between the town bridge and the maltings.
No one was hurt, the canal company said. The keeper, Amos Prewitt, heard the hinge crack and had time to ring the bell
and to wake the crews that were moored in the basin below his cottage.
"It went like a church door in a gale," Mr Prewitt said. "I have warned them about that hinge since the autumn, and I
have the letters in a drawer to show for it."
Engineers said on Thursday evening that a new gate could not be hung before the end of April. Grain for the mills at
Fenwick is to be taken by road until then, at nearly three times the cost.
The company announced an inquiry under a retired harbour master. It declined to say when the hinge was last inspected.
""",
)
WRECK = Story(
    headline="Divers find wreck of the mail steamer Orlanda off Port Calder",
    byline="Jonas Wetherby, maritime correspondent",
    text="""
Divers have found the wreck of the mail steamer Orlanda, which left Port Calder on a winter night 112 years ago and was
never seen again, the national museum said on Monday.
The ship lies upright in fifty metres of water, eleven miles from the nearest place at which anybody had looked. Her
bell, recovered on Saturday, carries her name and the year in which she was built.
The search was paid for by the grandchildren of the ship's cook. They had noticed that a lighthouse log, long thought
to be a forgery, named a bearing that no survey had ever followed.
"We drew one pencil line on one chart and sailed along it," said Maud Ferrier, who led the expedition. "On the second
morning the sonar drew the ship for us."
The museum will not raise the hull. The mail, it added, was insured, and remains the property of the post office.
""",
)
ORCHARD = Story(
    headline="Frost destroys nine tenths of the Sable valley's apple blossom",
    byline="By our farming staff",
    text="""
A late frost on Tuesday night destroyed some nine tenths of the apple blossom in the Sable valley, growers said after
walking their rows at first light.
Smoke pots were lit in every orchard between Upper Sable and the ford, but there was no wind to carry the smoke, and
thermometers in the lowest fields fell to minus six degrees.
The growers' union put the loss at four million crowns and asked the provincial government to bring forward the relief
that was promised after the hail of two years ago.
Older trees on the terraces came through unharmed. Their fruit is mostly used for vinegar.
""",
)
STATION = Story(
    headline="Court halts sale of Marlow Cross railway station",
    byline="Ines Castell",
    text="""
A judge on Friday halted the sale of Marlow Cross railway station hours before the auction was to open, ruling that the
railway had not asked the town, which gave the land for it in 1871.
The deed of gift, found in a school cupboard by a history class, says that the ground returns to the town "should the
cars cease to call". Two trains a day still stop at Marlow Cross.
The railway had hoped to sell the building to a chain of hotels for eleven million crowns. Its lawyers said that they
would appeal, and that a sentence written with a steel pen could not bind a modern company.
About sixty residents waited outside the court in the rain. The class that found the deed was excused from lessons.
Mayor Petra Lindqvist said that the town wished for nothing but a waiting room with a stove in it.
""",
)
COMET = Story(
    headline="Amateur astronomer in Dunmere discovers comet with borrowed telescope",
    byline="By Silas Broome, science reporter",
    text="""
A bus driver from Dunmere has discovered a comet with a telescope that she had borrowed from the public library, the
astronomical union confirmed on Wednesday.
Greta Halloran, 54, was looking for a nebula above the gasworks when she noticed a smudge that was not on her chart. She
drew it, went to work, and looked again on the next night: it had moved by the width of her pencil.
The comet will bear her name. It comes closest to the Sun in June and should be visible without a glass from the
northern counties, low in the west after sunset.
The library said that the telescope was eleven days overdue, and that it had decided to waive the fine.
Professional surveys had photographed the object three times since December without recognising it.
""",
)
STRIKE = Story(
    headline="Lighthouse keepers end strike after nineteen nights",
    byline="By a staff reporter",
    text="""
The keepers of the western lights returned to their towers on Sunday evening, ending a strike of nineteen nights during
which the coast between Gull Head and the Narrows was dark for the first time since the war.
Under the agreement the lighthouse board gives up its plan to replace the night watch by a telephone line. In return
the keepers accept that one man in three will not be replaced when he retires.
No ship was lost during the strike. The pilots of the Narrows, who had lit bonfires on both shores at their own expense,
sent the board a bill for the driftwood.
"We did not strike for money," said the keepers' spokesman, Owen Tregarth. "We struck because a telephone cannot smell
fog coming."
The board said that it regarded the matter as closed and that the bill would be paid.
""",
)
LIBRARY = Story(
    headline="Fire guts the old reading room of Aldermoor library",
    byline="Felix Marchetti",
    text="""
Fire gutted the domed reading room of Aldermoor library in the small hours of Saturday, destroying some thirty thousand
volumes and the painted ceiling under which three generations of the city had learned to whisper.
The blaze began in a cable duct beneath the catalogue, the fire brigade said. It was reported by a baker who saw light
in the windows "of a colour that libraries do not have".
Readers and students formed a chain before the engines came and passed the manuscripts from hand to hand to the church
across the square. Nothing of the medieval collection was lost.
The chief librarian, Dr Agathe Brandl, thanked the city with a hoarse voice. The building is insured; the ceiling, she
said, was not the kind of thing for which there is a price.
The mayor promised that the dome would be raised again within five years.
""",
)
BRIDGE = Story(
    headline="Swing bridge at Kettle Sound opens after seven years",
    byline="By Rufus Adeyemi",
    text="""
The swing bridge over Kettle Sound opened to traffic on Monday, seven years late and at three times the price, and
turned aside for its first ship twenty minutes later.
The bridge cuts the way from the islands to the hospital at Hallam from ninety minutes to eleven. For most of those
years an ambulance had to wait for the ferry, which does not sail in a westerly gale.
Inspectors had twice refused to let it open, once because it would not close and once because it would not open. Its
builder blamed a gear wheel that was made to a drawing held upside down.
Island council leader Morag Finlay crossed first, on a bicycle. She said that she would believe in the bridge when it
had seen one January.
""",
)
PENGUIN = Story(
    headline="Zoo's missing penguin found in supermarket cold store",
    byline="Entertainment desk",
    text="""
A penguin that had been missing from Lowmoor zoo for a week has been found in the cold store of a supermarket, two miles
away and a kilogram heavier.
Staff of the supermarket noticed that boxes of sardines were being opened from the inside of the pallet. A night porter
followed a trail of scales and met the bird behind the frozen peas.
The zoo said that the animal, a female called Duchess, had probably travelled in a van that brings fish to both houses.
She was returned on Thursday by the same van, sitting in front.
A spokesman for the supermarket said that it would not ask to be paid for the sardines.
""",
)
EXCHANGE = Story(
    headline="Grain exchange in Ostmark to trade through the night",
    byline="Leonie Farrant, markets",
    text="""
The grain exchange in Ostmark will open a night session from the first of November, its members decided on Tuesday by
eighty-one votes to seventy-nine.
""",
)
OBSERVATORY = Story(
    headline="Storm tears the roof off Cape Verrin observatory",
    byline="Cosima Black",
    text="""
A storm tore the copper roof off the observatory at Cape Verrin on Friday and carried it nearly half a mile into a field
of turnips, where it was found on Saturday morning, dented but whole.
The great refractor beneath it was hit by hail for three hours. Its lens is intact, the director said, but the clockwork
that turns the instrument is full of water and copper filings.
Two students on duty had closed the shutters and crawled out by the coal hatch when the rivets began to go. They saved
the plates of the last eleven years in a wheelbarrow.
The farmer has offered to keep the roof as a barn unless it is collected by the end of the month.
Repairs are estimated at two million crowns. The observatory has been closed to visitors.
""",
)
THEATRE = Story(
    headline="Théâtre du Môle rouvre après l’inondation",
    byline="Par Élodie Quénard",
    text="""
Le théâtre du Môle a rouvert jeudi soir, onze mois après l’inondation qui avait noyé sa fosse d’orchestre, emporté le
décor de trois pièces et déposé une barque de pêche au premier balcon.
« Nous avons gardé la barque », a déclaré la directrice, Hélène Fauvel, devant une salle comble. Elle pend désormais du
plafond, à côté du lustre, et sert aux machinistes pour changer les ampoules.
La ville a payé les deux tiers des travaux, soit quatre millions de couronnes. Le reste a été réuni par des lecteurs de
ce journal, dont un élève de neuf ans qui avait vendu sa collection de timbres.
La soirée s’est achevée par une tempête en deux actes, jouée, à la demande du public, sans une goutte d’eau.
""",
)
CENSUS = Story(
    headline="Census finds more sheep than people in every county of Northmark",
    byline="By Thora Lund",
    text="""
For the first time since counting began there are more sheep than people in every county of Northmark, according to the
census that was published on Monday.
The province has 212,000 inhabitants and 1.4 million sheep. Even the county of the capital, which had resisted until
now, lost its majority by some three hundred animals, most of them on the old racecourse.
Demographers blame the closing of the cannery. The statistics office added that people are counted once in ten years and
sheep twice in each, so that the figures should be compared with care.
The governor said that nobody had yet proposed to redraw the constituencies.
"We shall wait and see how the sheep intend to vote," he told reporters, and left by the side door.
""",
)
TUNNEL = Story(
    headline="Night trains return to the Grauhorn tunnel",
    byline="By Emil Sarto",
    text="""
Night trains run again through the Grauhorn tunnel, whose lining had been closed for repair since the rock fall of the
winter before last.
The first train left Altbruck on Sunday at ten minutes past eleven with a hundred and four passengers and a brass band
that was asked to stop playing at the portal, because of the echo.
Miners have set nine thousand bolts and sprayed the roof with concrete over a length of two kilometres. The railway
believes that the tunnel is now safer than on the day of its opening.
The dining car serves the soup that was on the menu when the line closed.
""",
)
OLD_FRONT = Story(
    headline="Kettle Sound in pictures: the summer regatta",
    byline="Picture desk",
    text="""
Thirty-one boats entered the regatta and twenty-nine came back under their own sail. The race for the silver kettle went
to the crew of the Periwinkle for the third time in a row, by less than a length.
The prizes were handed out on the pier by the harbour board. The children's race was sailed in washing tubs, as it has
been since the year in which the dinghies were late.
""",
)
