"""How people say that they want no more messages, or want them again, in the languages of our leads and some others."""

# A whole sentence, courtesy aside. "cancel" and its kin are left out on purpose: beside a booking they mean the meeting.
OPT_OUT_SENTENCES = """
stop; stop it; stop this; stop now
stop texting; stop messaging; stop contacting; stop writing; stop emailing; stop calling
stop all; stopall; stop messages; end; quit; unsubscribe; unsubscribe all
unsubscribed; unsubscribe now
unsuscribe; unsubcribe; unsubscibe; opt out; optout; opt me out; i opt out; i want out; no more; enough messages
stop bot; remove me; delete me; reply stop; text stop; txt stop; send stop
remove my number; leave me alone; go away; no more texts; no more messages; revoke; stop spam; stop spamming; block me
stop please stop; stop stop; stop stop stop; stop promotions; stop marketing; please no more; 🛑; ⛔
baja; alta no; darse de baja; dar de baja; darme de baja; dame de baja; deme de baja; denme de baja; alto; detener
parar; pare; paren; para ya
basta de mensajes; desuscribir; desuscribirme; desuscribirse; cancelar suscripción; anular suscripción
no más mensajes; no molestar
no más; dejen de escribir; dejen de escribirme; quítenme; bórrenme; eliminarme
sair; pare com isso; parem; descadastrar; descadastre; descadastrar me; me descadastre; cancelar inscrição
cancelar a inscrição; remover; me remova; me remove; me tira
me tire da lista; chega de mensagens; sem mais mensagens; não quero mais; parar mensagens; cancelar subscrição
remova me; bloquear
stop svp; arrêt; arrêter; arrêtez; arrete; stop pub; stop sms; désabonner; désabonnement; désinscription; désinscrire
se désabonner; me désabonner
me désinscrire; désabonnez moi; désinscrivez moi; plus de messages; ne plus recevoir; résilier abonnement
laissez moi tranquille
stopp; stoppen; abmelden; abbestellen; abmeldung; austragen; abbestellung; kündigen newsletter; keine nachrichten mehr
aufhören; hör auf
hören sie auf; keine werbung; keine werbung mehr; bitte austragen; löschen sie mich; lasst mich in ruhe
lassen sie mich in ruhe
stop messaggi; disiscrivimi; disiscrizione; disiscriversi; cancellami; cancellatemi; annulla iscrizione
cancella iscrizione; rimuovimi
rimuovetemi; basta messaggi; niente più messaggi; non scrivetemi; smettetela; lasciatemi in pace; fermati
ferma messaggi
रोकें; रोको; रोक दो; रोकिए; बंद करें; बंद करो; बंद कीजिए; बंद कर दो; स्टॉप; सदस्यता समाप्त करें; सदस्यता रद्द करें
अनसब्सक्राइब; मैसेज बंद करो
मैसेज बंद करें; संदेश बंद करें; संदेश न भेजें; मैसेज मत भेजो; मैसेज मत करो; परेशान मत करो; band karo; band kro
band kar do; band karein; roko
rok do; stop karo; stop kro; message band karo; msg band karo; msg mat karo; message mat karo; mat bhejo
pareshan mat karo
توقف; توقفوا; إيقاف; أوقف; أوقفوا; أوقف الرسائل; إيقاف الرسائل; وقف; قف; كفى; ستوب; إلغاء الاشتراك; ألغ الاشتراك
الغ اشتراكي; إلغاء اشتراكي
لا ترسل; لا ترسلوا; لا تراسلني; لا تراسلوني; احذفني; احذفوني; لا مزيد من الرسائل; اتركوني وشأني
afmelden; uitschrijven; schrijf me uit; meld me af; stoppen; geen berichten meer; stop berichten
wypisz mnie; wypisz; rezygnuję; wypisać; proszę mnie wypisać; anuluj subskrypcję; nie pisz do mnie
nie piszcie do mnie; koniec
iptal abonelik; abonelikten çık; abonelikten çıkmak istiyorum; aboneliği iptal et; mesaj atmayın; mesaj göndermeyin
listeden çıkar; beni listeden çıkar; dur; durdur
стоп; отписаться; отписка; отпишите меня; отпиши меня; не пишите мне; не пишите мне больше; хватит; прекратите
удалите мой номер
berhenti; berhenti berlangganan; stop kirim pesan; jangan kirim pesan lagi; hapus nomor saya; jangan hubungi saya lagi
sluta; avregistrera; avsluta prenumeration; avregistrera mig; inga fler meddelanden
退订; 退訂; 停止; 取消订阅; 取消訂閱; 不要再发了; 配信停止; 停止してください; 登録解除; 解除; 수신거부; 그만; 구독취소
"""

# Anywhere in a sentence: these name what should end.
OPT_OUT_PHRASES = """
stop|quit|cease messaging|texting|contacting|emailing|mailing|writing|calling|talking|sending ... to? me|us|this
no longer want|wish|like|need|interested ... receive|get|hear|be|being|have ... messages|texts|emails|contacted|
    messaged|texted|emailed|from|these|this|anything
stop|end|quit|cease all of? these|the|this|your|my? messages|texts|emails|notifications|sms|messaging|contact
don't|dont|never|not contact|message|text|call|write|email|dm to? this|my|our number|phone|address|account|again
don't|dont|never|not want|wish|need|like ... any more|messages|texts|emails|contact|of your|these
prefer|rather not ... receive|get|hear|be|have ... messages|texts|emails|contacted|messaged|from|these|more
want|like|need out of ... messages|texts|emails|list|chat|group|spam; block me; stop reaching|contacting out|me|us
removed|deleted|taken|dropped|off ... from|off ... your|the|this|any|mailing list|lists|database|system|mailing
remove|take|drop|delete|get me|us|my off|from|out of? ... this|these|it|everything|here|chat|group|thread|list
dejar de ... mandarme|mandarnos|enviarme|escribirme|contactarme|molestarme|llamarme
no quiero que me|nos ... contacte*|escriba*|llame*|moleste*|mande*|envíe*
prefiero|preferiría|prefiro|preferia|preferiria no|não|nao ... recibir|receber|mensaje*|mensagens|contact*|contat*
no more of? these|those|the|your? messages|texts|emails|sms|texting|messaging|emailing me|us?
quit|stop it? with the|these|your messages|texts|spam
cease all? communication|communications|contact|contacting|messaging
no quiero|deseo saber ... nada|más; cómo me doy|doy|darme|dar|darse de baja; quítame|sácame|bórrame|elimíname|quítenme de
descadastra|descadastre|descadastrem|desinscreva me?; me descadastra|descadastre|desinscreva|desinscrevam
arrêtez|arrête|cessez|stoppez|stop vos|les|tous|ces|avec messages|sms|mails|pubs|envois|relances|sollicitations
wie ... mich ... abmelden|austragen; nichts mehr ... hören|erhalten|bekommen|empfangen
stopp|stop keine werbung|nachrichten|mails|sms
أرجو|ارجو|الرجاء|يرجى|رجاء التوقف|توقفوا|إيقاف|ايقاف ... عن|الرسائل|مراسلتي|إرسال
no vuelva*|vuelvas a escribir*|contactar*|mandar*|enviar*|llamar*|molestar*|hablar*
no me|nos vuelva*|vuelvas a ... escribir*|contactar*|mandar*|enviar*|llamar*|molestar*
no escriba*|escribas|envíe*|envíes|mande*|mandes|llame*|contacte* más|mas|nunca|nada
ya no quiero|deseo|quisiera ... mensaje*|recibir|publicidad|contacto|nada
quiero|quisiera|deseo|necesito que ... dejen|deje|paren|borren|eliminen|quiten|saquen
salir|salirme|sacarme|quitarme|eliminarme|borrarme ... de ... lista|grupo|base
não|nao enviem|mandem|envie|mande|escrevam|escreva|contactem|contatem|liguem|contacte ... mais|nada|nunca
não|nao volte*|volta a ... escrever|enviar|mandar|contactar|contatar|ligar|incomodar
já não|nao quero|desejo ... mensagens|mensagem|receber|contacto|contato|nada
retire*|retirem|remov*|tire*|apague*|elimine*|exclua* me ... lista|base|contactos|contatos|grupo|cadastro
quero|gostaria que ... parem|deixem|apaguem|removam|retirem; sair|tirar|remover|retirar ... desta|dessa|da|vossa lista
stop aux|à|les|vos messages|sms|mails|pubs|publicités
merci|veuillez|prière|pouvez|pourriez|voulez ... arrêter|cesser|stopper ... écrire|envoyer|contacter|appeler|messages|
    déranger|solliciter|harceler
merci|veuillez|prière de? ne plus me|m|nous ... écrire|envoyer|contacter|appeler|solliciter|déranger
préfère|préférerais ne plus|pas ... recevoir|contacté|contactée|messages
me|m|mon|mes retirer|enlever|supprimer|effacer|retiré|supprimé ... de votre|vos|la ... liste|fichier|base|contacts|fichiers
melden|meldet sie|euch? sich ... nie|nicht|niemals ... wieder|mehr; schreib*|kontaktier* ... mich|mir|uns ... nie|nicht|niemals wieder|mehr
aufhören mir|mich|uns ... zu; nicht mehr ... kontaktiert|angeschrieben|angerufen|belästigt werden
keine|nicht weiteren|weitere|mehr ... nachrichten|werbung|mails|sms|kontaktaufnahme|kontakt
hört|hören|hör|aufhören ... auf ... schreiben|kontaktieren|anzuschreiben|belästigen|nerven|schicken
aus ... verteiler|liste|datenbank ... streichen|entfernen|nehmen|löschen|austragen|genommen|gestrichen
non scrivetemi|contattatemi|mandatemi|chiamatemi|inviatemi|disturbatemi; non vogli* ... essere ... contattat*|disturbat*
togl*|toglietemi|levatemi|cancellatemi|rimuovetemi|eliminatemi ... da|dal|dalla|dalle ... lista|elenco|rubrica|database
basta con|coi|i? messaggi|pubblicità|sms; smett* ... scriver*|mandar*|inviar*|contattar*|disturbar*
मुझे|मुझसे|हमसे|हमें ... संपर्क|कॉन्टैक्ट|मैसेज|संदेश|कॉल ... न|मत|ना|नहीं ... करें|करो|कीजिए|करिए|भेजें|भेजो|भेजिए|चाहिए
मैसेज|संदेश|मैसेजेस नहीं ... चाहता|चाहती|चाहते|चाहिए
mujhe|mujhse|hume contact|message|msg|call|sampark|disturb mat|na|nahi ... karo|kro|karna|karein|kijiye|kare
दोबारा|फिर|आगे|अब ... मैसेज|संदेश|संपर्क ... न|मत|नहीं ... करें|करना|भेजें|भेजना|भेजो|करो|चाहिए
dobara|phir|ab|aage ... message|msg|contact|messages ... mat|na|nahi ... karna|karo|kro|bhejna|bhejo|karein|chahiye
أزيلوني|ازيلوني|احذفوني|شيلوني|أخرجوني|اخرجوني ... من; كفى|يكفي|بس رسائل|الرسائل|إزعاج|ازعاج
لا تراسل*|ترسل*|تتواصل*|تتصل*|تكتب*|تزعج*|تبعث* ... مجددا|مجدداً|بعد|ثانية|أبدا|ابدا|مرة|شيئا|شيء|رسائل|لي|معي|بي
ما|لا|لم أعد|اعد|عاد أريد|اريد|ابغى|بدي|أرغب ... رسائل|رسائلكم|تواصل|تلقي|استقبال
stop|quit|cease messaging|texting|contacting|emailing|mailing|writing|spamming|bothering|harassing|pestering|sending|
    calling|whatsapping|dming me|us
stop|quit|cease sending ... messages|message|texts|text|emails|email|spam|stuff|this|these|that|things
stop|end|no|quit all|these|those|the|this|your|more|with messages|texts|emails|spam|notifications|sms
stop all communication|communications|contact; stop bothering|spamming; stop with the|these|your messages|texts|spam
unsubscribe|unsuscribe|unsubcribe me|us|my|this|from; please|pls|kindly unsubscribe
want|like|need|wish|trying|love to|2 unsubscribe
how|where do|can|to i? unsubscribe; let me unsubscribe; i'm|i am|am unsubscribing
want|like|need|wish|trying|choose|love to opt out; opt me out
i'm|i am opting out
remove|delete|erase|take|strike|scrub|drop me|us|number|myself|email|contact ... from|off ... list|lists|database|
    system|contacts|records|crm
take me|us off
remove|delete|erase|wipe|forget|destroy my|all|our number|data|details|info|information|contact|phone|email|personal
remove|delete|erase all|any of? my data|details|information; remove me please; please remove me; delete me from
take|remove|delete my number|email|name|phone off|from
don't|dont|never|not|stop contact|message|text|email|write|bother|call|spam|dm|disturb|msg me|us ... again|anymore|
    more|ever|please|further
don't|dont|never|not contact|message|text|email|write|bother|spam|dm|disturb|msg me|us
don't|dont|never|not write|send|reach ... to me; don't|dont|never|not reach out to? me? again|anymore; lose my number
don't|dont|not|never send|want|wish|like ... messages|texts|emails|spam|contact|sms
don't|dont|not|never send ... me|us ... anything|more|again|these|this
don't|not|never|longer want|wish|like ... receive|get|hear|be|being ... messages|texts|emails|contacted|messaged|
    from you|these|this|anything|more
don't|not want|wish|like to? hear ... from you|u; leave me alone|be; no more messages|texts|emails|spam|sms
withdraw my consent; revoke my consent
stop|enough ... i|we never|didn't|did not sign|signed|subscribe|subscribed|agree|asked
quiero|quisiera|deseo|necesito|solicito|pido darme|dar|la|mi de? baja
darme|dame|deme|denme|dadme|darse de baja; dar de baja mi|este|el número|numero|suscripción|cuenta
dejen|deja|deje|dejad|paren|pare|para de escribir*|enviar*|mandar*|molestar*|contactar*|llamar*|mensajear*|spamear*
no me|nos escriba*|escribas|envíe*|envíes|mande*|mandes|contacte*|contactes|moleste*|molestes|llame*|llames|
    spamee* ... más|mas|nunca|favor|mensaje*|nada|publicidad
no quiero|deseo|quisiera ... recibir ... mensaje*|más|nada|correos|publicidad|notificaciones
no quiero|deseo más|mas ... mensaje*; no más mensajes; no me contacte*; no me escriba*; no me moleste*
elimine*|elimina|borre*|borra|quite*|quita|saque*|saca|remueva*|suprima* ... mi|mis número|datos|teléfono|información|
    contacto|correo|nombre
elimínenme|elimíneme|bórrenme|bórreme|quítenme|quíteme|sáquenme|sáqueme|sácame|quítame|bórrame ... lista|base|grupo
cancelar|anular|cancelen|cancele mi|la suscripción
me remova*|remove|remover|tire|tirem|tira|exclua*|apague* ... lista|base|contatos|cadastro|grupo
remova*|exclua*|apague*|delete*|retire*|tire*|elimine*|apaga|tira ... meu|meus|minhas número|dados|contato|contacto|
    telefone|cadastro|informações|nome
quero|queria|gostaria|desejo|preciso ... sair ... lista|grupo
quero|queria|gostaria|desejo|preciso me|de|cancelar ... inscrição|subscrição|descadastrar|assinatura de mensagens
quero|queria|gostaria|desejo|como cancelar a|minha inscrição|subscrição
quero|queria|gostaria|desejo|como descadastrar|cancelar ... cadastro|inscrição|subscrição
não|nao quero|desejo ... receber ... mensagem|mensagens|nada|mais|emails|contato
não|nao me mande*|manda|mandar|envie*|envia|escreva*|escreve|contate*|contacte*|contacta|ligue*|incomode*|
    perturbe* ... mais|mensagem|mensagens|nada|favor
pare|parem|para|parar|deixe|deixem de|com ... mandar*|enviar*|escrever*|mensagem|mensagens|contatar*|contactar*|spam|
    incomodar*|ligar*|encher; não|nao me contate*|contacte*|incomode*|perturbe*|escreva*
arrêtez|arrête|arretez|arrete|cessez|stop|stoppez de|d|les|avec ... envoyer|écrire|contacter|messages|sms|mails|
    harceler|spammer|déranger|appeler|spam
ne m|me|nous écrivez|écris|contactez|contacte|envoyez|envoie|dérangez|appelez|harcelez|recontactez ... plus|rien|
    jamais; ne plus m|me|nous écrire|contacter|envoyer|déranger|recevoir|recontacter
ne plus recevoir ... messages|mails|sms|rien|vos|publicité
ne veux|souhaite|voulons|désire plus|pas ... recevoir|messages|contacté|contactée|contact|mails
plus de|aucun message|messages|sms|mail|mails ... merci|svp|s
désabonnez|désabonne|désinscrivez|désinscris moi
veux|voudrais|souhaite|aimerais|comment|pour|vouloir me|se désabonner|désinscrire
retirez|retire|enlevez|enlève|supprimez|supprime|effacez|efface|ôtez ... moi|numéro|données|coordonnées|adresse|
    nom ... liste|base|fichier|fichiers|svp
supprimez|supprime|effacez|efface|retirez|enlevez mon|mes|toutes ... numéro|données|coordonnées|contact|informations
retirez|enlevez|supprimez moi; laissez|laisse moi tranquille; fichez moi la paix
schreib*|kontaktier*|nerv*|beläst*|anruf*|ruf* ... mir|mich|uns ... nicht|nie|keine ... mehr|wieder|nachrichten
schreib*|send*|schick* ... mir|uns ... keine ... nachrichten|mails|sms|werbung|mehr
keine|keinerlei ... nachrichten|mails|sms|werbung|kontaktaufnahme ... mehr|erhalten|bitte|bekommen
möchte|will|wünsche ... keine|nicht ... nachrichten|werbung|mails|kontaktiert|angeschrieben
hören|hör|hört|höre|aufhören ... auf ... schreiben|nachrichten|senden|schicken|kontaktieren|nerven
hören|hör ... auf mir|mich|uns zu
nehmen|nimm|streichen|streich|entfernen|entfern|löschen|lösch|tragen ... mich|meine|meinen|uns|nummer ... verteiler|
    liste|datenbank|adressliste|kontakten|aus
löschen|lösch|löscht|entfernen|entfern ... meine|meinen|alle ... daten|nummer|kontakt|telefonnummer|adresse|eintrag
will|möchte|würde|bitte ... mich ... abmelden|austragen|abbestellen; lassen|lass|lasst ... mich|uns in ruhe
melden|meldet|meld ... mich ab
will|möchte|bitte|wie ... newsletter|nachrichten|abo|werbung abbestellen|abmelden
mich nicht mehr kontaktieren|anschreiben|anrufen; bitte nicht mehr schreiben|kontaktieren|anschreiben
smett*|smetti|basta|finit*|piantat*|ferma* ... di|con ... scriver*|mandar*|inviar*|contattar*|messaggi*|disturbar*|
    spam; non scriv*|mand*|invi*|contatt*|disturb*|chiam* ... mi?|più|messaggi|niente
non scrivermi|scrivetemi|mandarmi|mandatemi|inviarmi|inviatemi|contattarmi|contattatemi|disturbarmi|disturbatemi|
    chiamatemi; non mi scriv*|contatt*|mand*|invi*|disturb* ... più|messaggi
non voglio|desidero|vorrei ... più|ricevere|altri|messaggi ... messaggi|più|niente|nulla|contattato|contattata|mail|
    sms
cancell*|rimuov*|elimin*|tog* ... mi|mio|miei|dalla|numero|dati ... lista|dati|numero|contatto|database|recapito|
    rubrica
cancell*|rimuov*|elimin*|togli*|tolg* ... i|il miei|mio dati|numero|contatto
voglio|vorrei|desidero|come ... disiscriver*|cancellarmi|disiscrivo|annullare ... iscrizione?
lasciami|lasciatemi in pace|stare
मुझे ... मैसेज|संदेश|मेसेज|कॉल|message|messages ... मत|न|नहीं ... भेजो|भेजें|भेजिए|करो|करें|करना|चाहिए|चाहता|चाहती
मैसेज|संदेश|मेसेज ... मत|न ... भेजो|भेजें|भेजिए|करो|करें|कीजिए|भेजना|करना
मैसेज|संदेश|मेसेज ... भेजना|करना ... बंद; संदेश|मैसेज|मेसेज ... बंद करें|करो|कीजिए|कर
मेरा|मेरी|मेरे ... नंबर|नम्बर|डेटा|जानकारी|नाम ... हटा*|डिलीट|मिटा*|निकाल*|delete|remove
मुझे|सूची|लिस्ट ... सूची|लिस्ट|से ... हटा*|निकाल*; सदस्यता ... समाप्त|रद्द|बंद ... करें|करो|करना|कर|कीजिए
मुझे ... अनसब्सक्राइब; मुझे परेशान मत|न करो|करें|कीजिए; मुझसे संपर्क मत|न करो|करें|कीजिए
mujhe|muje|mjhe ... message|messages|msg|msgs|call|sms ... mat|nahi|nahin|na ... karo|kro|bhejo|karna|chahiye|kijiye|
    bhejna|karein; message|messages|msg|msgs|sms ... mat ... karo|kro|bhejo|karna|bhejna|kijiye
band|bandh|stop karo|kro|kardo|kar|kijiye ... message|messages|msg|msgs|spam|sms|bhejna
message|messages|msg|msgs|sms ... band|bandh karo|kro|kar|kardo|kijiye
mera|meri number|no|data|naam|details ... hata*|delete|nikal*|remove|mita*
mujhe ... list|group ... hata*|nikal*|remove; pareshan mat|na karo|kro|kijiye; mujhe unsubscribe
unsubscribe karo|kar|kardo|kijiye|karna|kro
توقف|توقفوا|توقفي|كف|كفوا|أوقف|أوقفوا|اوقفوا ... عن|إرسال|رسائل|الرسائل|مراسلتي|مراسلتنا|إزعاجي|رسائلكم|التواصل
وقف|وقفوا ... الرسائل|رسائل|إرسال; لا ترسل*|تراسل*|تتواصل*|تتصل*|تزعج*|تبعث* ... لي|معي|بي|رسائل|بعد|مرة|ني|ارجوكم
لا تراسلني|تراسلوني|تزعجني|تزعجوني
لا أريد|اريد|نريد|أرغب|ارغب|أود ... رسائل|رسائلكم|الرسائل|مراسلات|تواصل|استلام|تلقي|استقبال
احذف*|احذفوا|امسح*|امسحوا|أزل|أزيلوا|ازيلوا|شيلوا ... رقمي|بياناتي|اسمي|معلوماتي|بريدي
احذف*|أزل|أزيلوا|شيلوا|أخرجوني|ني ... من القائمة|قائمتكم|قوائمكم
أريد|اريد|أرغب|ارغب|أود|ممكن|كيف ... إلغاء|الغي|ألغي ... اشتراك*|الاشتراك; اتركوني|اتركني|دعوني|دعني وشأني
حذف رقمي|بياناتي
stuur|stuurt ... geen berichten|mails ... meer; wil|graag ... geen berichten ... meer
haal|verwijder ... mij|me|mijn ... lijst|nummer|gegevens; schrijf|meld mij|me uit|af; wil me|mij uitschrijven|afmelden
stop met berichten|mij|sturen
nie pisz*|wysyłaj*|kontaktuj* ... do|mnie|więcej|wiadomości; proszę ... wypisać|usunąć ... mnie|mój
usuń*|usuńcie ... mój|moje|mnie numer|dane|z; nie chcę ... wiadomości
bana ... mesaj ... atmayın|atma|göndermeyin|gönderme|yazmayın; bir daha ... yazmayın|mesaj; numaramı silin|sil
beni ... listeden|listenizden çıkar*; abonelikten çıkmak|çıkar*|ayrılmak; mesaj ... istemiyorum
не пиши*|пишите|присылайте|звоните|беспокойте ... мне|меня|больше; больше не пишите|присылайте|звоните
удалите ... мой|мои|меня номер|данные|из; хочу отписаться; отпиши*|отпишите меня; прекратите присылать|писать|рассылку
jangan kirim|hubungi|chat|sms|ganggu ... saya|lagi|pesan
berhenti mengirim|kirim|menghubungi|mengirimi ... pesan|saya|aku; hapus nomor|data|kontak saya
ingin|mau berhenti berlangganan
sluta skicka|kontakta|skriva|störa; ta bort mig|mitt|mina; inga fler meddelanden|sms
"""

# Words that may surround a whole-sentence request without changing it.
COURTESY = """
and y e et und
please pls plz plss kindly thanks thank you thx ty cheers ok okay now immediately hi hello hey sorry sir madam guys
just asap already team por favor gracias ya ahora hola muchas porfa porfavor favor obrigado obrigada agora já olá oi
s'il vous plaît svp stp s'il te plait merci bonjour maintenant immédiatement bitte danke sofort jetzt hallo mal per
favore grazie ora adesso subito ciao prego कृपया धन्यवाद प्लीज अभी शुक्रिया नमस्ते please plz abhi dhanyavaad shukriya
bhai yaar ji من فضلك فضلكم لو سمحت سمحتم شكرا رجاء الرجاء ارجوك الآن alstublieft bedankt proszę dziękuję lütfen
teşekkürler пожалуйста спасибо tolong terima kasih tack 请 謝謝 谢谢 🙏 ❗ ‼ ‼️ ✋ 🛑 😡 😠 👋 🙂 😊
"""

# In front of a phrase, close by, these turn it into something else: a denial, a question about the product, a wish for the opposite.
DENIED_BEFORE = """
don't dont do not didn't never why nobody without won't wouldn't shouldn't can't cannot does did customers leads
clients users people contacts they he she who if when whether prospects auto automatically no nunca cuando clientes
contactos leads usuarios sin não nao nunca porque quando clientes leads sem ne jamais pourquoi quand clients prospects
sans nicht nie warum wenn ob kunden leads non perché quando clienti नहीं मत क्यों अगर ग्राहक nahi kyun agar لماذا إذا هل
لو العملاء
"""

# Behind a phrase, these make it a wish about when or how, not an end.
LIMITED_AFTER = """
until till before today tonight tomorrow after during while between instead unless yet monday tuesday wednesday
thursday friday saturday sunday here rather hasta antes hoy mañana después mientras entre todavía aún lunes martes
miércoles jueves viernes sábado domingo até antes hoje amanhã depois enquanto entre ainda segunda terça quarta quinta
sexta jusqu avant aujourd'hui demain après pendant entre encore lundi mardi mercredi jeudi vendredi bis vor heute
morgen nach während zwischen noch montag dienstag mittwoch donnerstag freitag sondern fino prima oggi domani dopo
durante tra ancora lunedì martedì mercoledì giovedì venerdì आज कल तक पहले aaj kal tak pehle قبل اليوم غدا حتى الظهر
"""

# A last clause "…, stop" counts when the message also speaks of being written to.
ABOUT_MESSAGES = """
sign|signed|subscribe|subscribed|spam|spammer|spammers|messages|texts|emails|list|interested|contact|consent|
    bothering|annoying|harass*|mensajes|spam|interesado|interesada|interesa
mensagens|lista|interesse|interessado|interessada|messages|intéressé|intéressée|liste|nachrichten|interesse|
    interessiert|messaggi|interessato|interessata|मैसेज|संदेश|message|msg|الرسائل|رسائل|مهتم
"""

OPT_IN_SENTENCES = """
start; unstop; subscribe; subscribe me again; resubscribe; resume; opt in; optin; opt me in; yes start; start again; subscribe me
subscribe again; sign me up again; restart
start messages; start messaging; i want messages again; you can message me again; you can write to me again
please resubscribe me; continue messages
alta; suscribir; suscribirme; reanudar; comenzar; empezar; quiero recibir mensajes de nuevo; volver a suscribirme
quiero volver a recibir mensajes; darme de alta; pueden escribirme de nuevo
iniciar; começar; retomar; inscrever; voltar; quero receber mensagens de novo; quero voltar a receber mensagens
pode me escrever de novo
reprendre; commencer; s'abonner; abonnez moi; réabonner; réabonnez moi; je veux recevoir vos messages
je veux à nouveau recevoir vos messages; vous pouvez m'écrire à nouveau
anmelden; wieder anmelden; fortsetzen; starten; ich möchte wieder nachrichten; ich möchte wieder nachrichten erhalten
sie können mir wieder schreiben
inizia; riprendi; iscrivimi; avvia; voglio ricevere di nuovo i messaggi; potete scrivermi di nuovo
शुरू; शुरू करें; शुरू करो; फिर से शुरू करें; स्टार्ट; shuru karo; shuru karein; start karo; phir se shuru karo
मुझे फिर से मैसेज भेजो
ابدأ; ابدا; اشتراك; استئناف; اشترك; أعد الاشتراك; أريد الاشتراك مجددا; أريد استقبال الرسائل من جديد
"""
