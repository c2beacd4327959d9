"""The law the steps rest on, cited once. A jurist changes it here."""

from workflow.procedures.language import Text

CONSTITUTION_167_2 = Text("Grondwet art. 167, § 2", "Constitution, art. 167, § 2")
CONSTITUTION_167_3 = Text("Grondwet art. 167, § 3", "Constitution, art. 167, § 3")
BWHI_81_1 = Text("BWHI art. 81, § 1", "Special Act on Institutional Reform, art. 81, § 1")
BWHI_81_2 = Text("BWHI art. 81, § 2", "Special Act on Institutional Reform, art. 81, § 2")
BWHI_81_3 = Text("BWHI art. 81, § 3", "Special Act on Institutional Reform, art. 81, § 3")
BWHI_81_4 = Text("BWHI art. 81, § 4", "Special Act on Institutional Reform, art. 81, § 4")
BWHI_6_4_3 = Text("BWHI art. 6, § 4, 3°", "Special Act on Institutional Reform, art. 6, § 4, 3°")
CONSTITUTION_167_5 = Text("Grondwet art. 167, § 5", "Constitution, art. 167, § 5")
BWHI_16 = Text("BWHI art. 16", "Special Act on Institutional Reform, art. 16")
EVERY_STEP = Text(
    "Toestemming van de Vlaamse Regering is vereist voor elke stap (Vlaanderen is internationaal, Juridisch kader)",
    "The consent of the Government of Flanders is required for every step (Flanders’ legal framework)",
)
VCLT_7 = Text("Verdrag van Wenen inzake het verdragenrecht, art. 7", "Vienna Convention on the Law of Treaties, art. 7")
VCLT_11 = Text(
    "Verdrag van Wenen inzake het verdragenrecht, art. 11", "Vienna Convention on the Law of Treaties, art. 11"
)
VCLT_24 = Text(
    "Verdrag van Wenen inzake het verdragenrecht, art. 24", "Vienna Convention on the Law of Treaties, art. 24"
)
VCLT_25 = Text(
    "Verdrag van Wenen inzake het verdragenrecht, art. 25", "Vienna Convention on the Law of Treaties, art. 25"
)
VCLT_54 = Text(
    "Verdrag van Wenen inzake het verdragenrecht, art. 54-56", "Vienna Convention on the Law of Treaties, art. 54-56"
)
VCLT_15 = Text(
    "Verdrag van Wenen inzake het verdragenrecht, art. 15", "Vienna Convention on the Law of Treaties, art. 15"
)
VCLT_19 = Text(
    "Verdrag van Wenen inzake het verdragenrecht, art. 19-23", "Vienna Convention on the Law of Treaties, art. 19-23"
)
VCLT_39 = Text(
    "Verdrag van Wenen inzake het verdragenrecht, art. 39-41", "Vienna Convention on the Law of Treaties, art. 39-41"
)
TFEU_218_5 = Text("VWEU art. 218, lid 5", "TFEU, art. 218(5)")
TFEU_218_6 = Text("VWEU art. 218, lid 6", "TFEU, art. 218(6)")
COUNCIL_OF_STATE_3 = Text(
    "Gecoördineerde wetten op de Raad van State, art. 3, § 1", "Coordinated Acts on the Council of State, art. 3, § 1"
)
COUNCIL_OF_STATE_84 = Text(
    "Gecoördineerde wetten op de Raad van State, art. 84, § 1", "Coordinated Acts on the Council of State, art. 84, § 1"
)
COUNCILS_III_103 = Text("Bestuursdecreet art. III.103, § 2", "Governance Decree, art. III.103, § 2")
MIXED_1 = Text(
    "Samenwerkingsakkoord gemengde verdragen 8 maart 1994, hoofdstuk I",
    "Cooperation Agreement on mixed treaties of 8 March 1994, chapter I",
)
MIXED_SIGNATURE = Text(
    "Samenwerkingsakkoord gemengde verdragen 8 maart 1994, ondertekening",
    "Cooperation Agreement on mixed treaties of 8 March 1994, on signature",
)
MIXED_12 = Text(
    "Samenwerkingsakkoord gemengde verdragen 8 maart 1994, art. 12",
    "Cooperation Agreement on mixed treaties of 8 March 1994, art. 12",
)
# The chapter is known, its article is not: a jurist still has to confirm it.
MIXED_DENUNCIATION = Text(
    "Samenwerkingsakkoord gemengde verdragen 8 maart 1994, opzegging",
    "Cooperation Agreement on mixed treaties of 8 March 1994, on denunciation",
)
UN_CHARTER_102 = Text("Handvest van de Verenigde Naties, art. 102", "Charter of the United Nations, art. 102")
