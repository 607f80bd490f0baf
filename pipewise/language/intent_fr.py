"""French phrases that speak for an intent, by weight. `^ ` pins a phrase to the start of a clause, ` $` to its end."""

_MEET = (
    "réunion|rendez|rdv|appel|démo|démonstration|entretien|visio|visioconférence|call|échange|créneau|"
    "présentation|zoom|rencontre"
)
_DAY = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|demain|aujourd'hui|matin|après|soir|semaine"
_MOVE = "décal*|report*|déplac*|chang*|repouss*|avanc*|modifi*|reprogramm*|replanif*|boug*|mett*|pass*"

PHRASES = {
    "meeting_request": {
        5.0: "planifi*|réserv*|organis*|fix*|cal*|prend*|programm*|prév*|voudr*|aimer*|veux|voulons|souhait*|"
        f"faire|peut|pouvons|puis|convenir|ajout*|cré*|besoin|demand*|bloqu* ... {_MEET}; démo svp|merci; "
        "voir ... démo|action|produit",
        4.6: f"dispo|disponible|disponibles|libre|libres ... {_DAY}|quand|pour|à|?; "
        "avez|auriez|as|avons|y a t il|reste ... créneau|créneaux|disponibilité|disponibilités|dispo|dispos|"
        f"place|rendez ... {_DAY}|pour|?; quand ... êtes|pouvez|pouvons|peut|disponible|libre|parler|appeler|"
        "voir; peut|pourrait|pouvons|pourrions on|nous ... parler|appeler|voir|rencontrer|échanger|"
        "téléphoner|discuter; "
        "pouvez|pourriez|peux vous|tu ... m|me|nous appeler|rappeler; appelez|rappelez|appelle moi|nous; "
        "envoyez|partagez|envoie ... calendly|agenda|calendrier|lien|disponibilités; on s appelle|voit; "
        "parler ... avec|à ... commercial|ventes|équipe",
        1.8: f"{_MEET}; dispo|disponible|disponibilité; {_DAY} à #; à # h; créneaux",
    },
    "meeting_change": {
        5.5: f"{_MOVE} ... {_MEET}|heure|date|jour; annul*|supprim* ... {_MEET}|demain|heure; reprogramm*; "
        "décaler; reporter",
        4.6: f"{_MOVE} ... à|au|pour|plus ... {_DAY}|#|tard|tôt; imprévu; empêchement; un contretemps; "
        f"ne pourrai|peux|pourrais|pourrons|serai ... pas ... venir|être|assister|participer|{_DAY}|"
        f"disponible|là|plus; pas|plus possible ... {_DAY}; autre|autres jour|date|heure|horaire|créneau; "
        f"au lieu de; plutôt à|le|{_DAY}; je serai en retard",
        2.0: "changer; annuler|annule|annulez; décaler|reporter; plus tard|tôt; plutôt",
    },
    "lead_inquiry": {
        4.8: "combien ... coûte|coute|coûtent|ça|est|prix|vaut|pour|tarif; "
        "prix|tarif|tarifs|coût|devis|remise|réduction|abonnement|budget|forfait|forfaits; "
        "avez|proposez|offrez|existe|y a t il|est ce|as ... essai|gratuit|gratuite|remise|api|version|offre|"
        "support|intégration|application|réduction; essai|version gratuit|gratuite; "
        "compatible|intègre|fonctionne|marche|connecte|synchronise|intégrez|intégration ... avec|sur|pour; "
        "plus d info|infos|informations|information|détails; en savoir plus; savoir plus|si|comment|combien; "
        "voudr*|aimer*|veux|souhait* ... infos|info|informations|savoir|connaître|acheter|souscrire|"
        "comprendre|renseignement*|tester|essayer; nous|on|je sommes|est|suis|avons|ai|a ... entreprise|pme|"
        "société|personnes|employés|salariés|agence|équipe|clients|commerciaux|boutique|magasin|startup|"
        "collaborateurs; comment ça|cela|fonctionne|marche; "
        "acceptez|supportez|prenez|gérez|vendez|livrez|proposez vous; "
        "qu est ce que ... fait|inclut|différent|vous|votre; intéress* ... par|produit|offre|votre|vos; "
        "quelle|quelles|quels|quel ... langues|différence|fonctionnalités|formules|offres|formule|pays",
        2.4: "prix; offre|offres; produit; entreprise; service; infos; combien; pouvez|puis; comment; whatsapp; "
        "clients; fonctionnalité*",
    },
    "follow_up": {
        4.8: "des|une|avez|du ... nouvelles|nouvelle|nouveau|retour; vais|allons|dois|devons|y ... réfléchir|"
        "regarder|voir|étudier|discuter|parler|relire|consulter|penser; "
        "je|on|nous regarde|étudie|reviens|réfléchis|vérifie|confirme|lis|transmets; "
        "je vous|te tiens|redis|réponds|recontacte|confirme|rappelle; "
        "pas maintenant|pour|tout|encore|intéressé|intéressée|besoin; "
        "peut être ... plus tard|prochain|prochaine|après|trimestre; "
        "bien|tout reçu|noté|compris; ^ merci|parfait|oui|ok|okay|entendu|super|non|reçu|exact|exactement|"
        "nickel|impeccable; ^ très bien; ^ bien sûr; ^ tout à fait; ça me|nous va|convient; ça marche; "
        "me convient; non merci; merci beaucoup|bien; reçu ... proposition|devis|mail|pdf|votre|la|le; "
        "déjà ... fournisseur|solution|choisi|signé|un; dois|vais ... parler|discuter|demander ... à|avec|"
        "associé|chef|équipe|femme|mari|patron; recontact*|relanc*|rappel*|écriv* ... mois|semaine|trimestre|"
        "janvier|février|mars|plus tard",
        2.4: "merci; parfait; plus tard; oui; d'accord; suite à; relance; prochain mois|trimestre|année; "
        "mois|semaine prochain|prochaine; pas sûr|sûre",
    },
    "greeting": {
        4.8: "^ bonjour|bonsoir|salut|coucou|hello|bjr|slt|allô; ça va; comment allez|vas|ça va|vous|tu; "
        "au revoir; bonne journée|nuit|soirée|semaine; à bientôt|demain|plus; enchanté|enchantée; "
        "raconte|dis ... blague|histoire; qui es|êtes|t tu|vous|a; comment tu|vous t? appelles|appelez|vous; "
        "quel âge; je t aime|adore|déteste; tu es ... bête|intelligent|drôle|nul|stupide|mignon|belle|beau; "
        "où habites|vis; joyeux|bon anniversaire|noël|année; "
        "quoi de neuf; que peux|sais tu; es tu|vous ... marié|heureux|humain; je m ennuie; "
        "je suis triste|seul|fatigué; je suis triste|seul|heureux|fatigué",
        1.9: "^ bonjour; ^ salut; bonsoir; blague",
    },
    "out_of_scope": {
        5.0: "météo|température|pluie|neige|pleuvoir|pleut; quel temps; "
        "qui a|est ... gagné|inventé|écrit|peint|découvert|président|roi; gagné ... match|coupe|tirage; "
        "offre|offres d emploi; candidature; recrutez; stage; nous? proposons ... services|seo|marketing; "
        "gagnez|gagner|gagne ... argent|iphone|prix|euros|cadeau|million; cliquez|clique ici|sur|maintenant; "
        "capitale de|du; recette*; abonnés|bitcoin|paris sportifs|casino|loterie|crédit; "
        "joue|jouer|mets|lance ... musique|chanson|playlist; réveil|alarme; film|films|cinéma|série; "
        "restaurant*|pizza|crêpes|cuisine*|manger; vol|vols|hôtel*|taxi; "
        "traduis*|traduction; président de|du; quelle heure est; devoirs|dissertation; machine à laver; "
        "foot|football|match",
        1.6: "qui est|était|a; quelle est; où est|se; qu est ce; pourquoi; mon compte|chien|banque; donne moi; "
        "ma carte|mère",
    },
}
