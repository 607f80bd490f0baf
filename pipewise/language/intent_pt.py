"""Portuguese phrases that speak for an intent, by weight. `^ ` pins a phrase to the start of a clause, ` $` to its end."""

_MEET = (
    "reunião|reuniões|call|chamada|ligação|demo|demonstração|videochamada|conversa|encontro|apresentação|zoom|"
    "meet|visita|consulta"
)
_DAY = "segunda|terça|quarta|quinta|sexta|sábado|domingo|amanhã|hoje|manhã|tarde|semana"
_MOVE = "remarc*|reagend*|mud*|adi*|alter*|pass*|troc*|antecip*|transfer*|mov*|desmarc*|modific*|empurr*"

PHRASES = {
    "meeting_request": {
        5.0: "agend*|marc*|reserv*|combin*|fazer|fazemos|program*|quero|queria|gostaria|preciso|podemos|posso|"
        f"organiz*|solicit*|pedir|adicion*|cri* ... {_MEET}; quero|queria|gostaria|posso ver|uma|de|ver? ... "
        "demo|demonstração; agendar|marcar ... horário|hora|para|com",
        4.6: "vocês|vcs|você|tem|têm|há|teria|teriam|quais ... horário|horários|disponibilidade|agenda|disponível|"
        f"disponíveis|vaga|livre ... {_DAY}|para|na|no|?; está|estão|tá livre|disponível|livres|disponíveis; "
        "quando ... podem|pode|podemos|posso|disponível|livre|conversar|falar|reunir; "
        f"podemos|posso|dá|pode|vamos|queria|gostaria|quero ... conversar|falar|reunir|encontrar ... {_DAY}|"
        "às|com|?; "
        "pode|podem|consegue|conseguem|poderia ... me? ligar ... às|amanhã|hoje|para|?; "
        "me liga|ligue|liguem; liga|ligue para mim; manda*|envia*|compartilh* ... calendly|agenda|link|"
        "horários; falar com ... vendas|comercial|consultor",
        1.8: f"{_MEET}; agendar|agenda|marcar|marcamos; horário|horários; disponib*; {_DAY} às|as #; às #",
    },
    "meeting_change": {
        5.5: f"{_MOVE} ... {_MEET}|horário|hora|data|dia|compromisso; cancel*|anul*|elimin*|apag* ... {_MEET}|"
        "compromisso|horário|amanhã|hoje; remarc*; reagend*; desmarc*; adiar",
        4.6: f"{_MOVE} ... para|pra|p ... {_DAY}|#; surgiu|apareceu ... algo|imprevisto|coisa|compromisso; "
        "imprevisto; não|nao vou|posso|consigo|poderei|conseguirei ... ir|comparecer|participar|conseguir|"
        f"{_DAY}|reunião; outro|outra dia|data|horário|hora; em vez de; melhor na|no|às; vou me? atrasar",
        2.0: "mudar|muda; cancelar|cancela|cancele; mais tarde|cedo; trocar",
    },
    "lead_inquiry": {
        4.8: "quanto|qual ... custa|custam|sai|fica|é|cobram|valor|preço|mensalidade|vale|tempo|seria; "
        "preço*|valor|valores|mensalidade|orçamento|planos|desconto*|tarifa*; "
        "tem|têm|vocês|vcs|possui|oferecem|há|existe|inclui ... teste|grátis|gratuito|gratuita|desconto*|"
        "plano|planos|versão|api|suporte|integração|app|integra*; teste|versão grátis|gratuito|gratuita; "
        "integra*|funciona*|compatível|conecta*|serve*|roda ... com|no|na|para; "
        "mais informações|informação|detalhes|info; saber|conhecer|entender mais|melhor|como; "
        "quero|queria|gostaria|preciso|desejo ... saber|conhecer|informações|contratar|comprar|entender|"
        "assinar; somos|temos|tenho|sou|trabalho ... empresa|loja|imobiliária|pessoas|funcionários|clientes|"
        "vendedores|agência|clínica|equipe|equipa|negócio|leads|usuários; "
        "como funciona*; o que ... inclui|faz|oferecem|diferencia|é|vocês; "
        "aceitam|atendem|suportam|oferecem|vendem|trabalham; interesse|interessad* ... em|no|na|produto|"
        "serviço",
        2.4: "preço; plano; empresa; produto; serviço; informações; custa; quanto; pode|podem|posso; como; "
        "whatsapp|instagram; clientes",
    },
    "follow_up": {
        4.8: "alguma|tem|alguma? ... novidade|novidades|notícia|notícias|atualização; "
        "vou|vamos|irei ... pensar|ver|analisar|verificar|falar|conversar|avaliar|olhar|consultar|ler; "
        "te|lhe|vos aviso|aviso|retorno|respondo|digo|falo|confirmo; retorno|aviso depois|em breve|assim; "
        "agora|por enquanto|momento não; não|nao agora|por enquanto|no momento|ainda|tenho interesse|"
        "obrigad*|preciso|quero isso; talvez ... depois|mês|próximo|semana|futuro|outro|que; "
        "mês|semana|ano que vem; ^ recebi|recebido|perfeito|obrigado|obrigada|obg|sim|ok|okay|claro|certo|"
        "beleza|não|nao|ótimo|valeu|entendido|combinado|confirmo|tá|isso; ^ pode ser; "
        "recebi|recebemos ... proposta|email|pdf|orçamento|a|o; muito obrigado|obrigada; pode ser; "
        "para mim está|serve; está bem|bom|ótimo; tudo certo; já tenho|temos|fechei|contratamos; "
        "preciso|tenho|vou ... falar|consultar|conversar ... com|sócio|chefe|equipe|equipa|esposa|marido; "
        "fale|falem|escreva|escrevam|entre|entrem|contate|contacte|contactem|contatem|chame|chama ... próximo|próxima|mês|meses|semana|"
        "semanas|depois|janeiro|fevereiro",
        2.4: "obrigado|obrigada; perfeito; valeu; depois; talvez; não tenho certeza; sim; combinado; "
        "acompanhamento; isso mesmo",
    },
    "greeting": {
        4.8: "^ oi|olá|ola|oie|oii|opa|eai|alô|salve|saudações; ^ bom|boa dia|tarde|noite; "
        "tudo bem|bom|certo|joia|tranquilo; como vai|está|estás|vão|você; e aí; tchau; "
        "até logo|mais|amanhã|breve; prazer ... conhecer|?; boa noite; conta|conte ... piada|história; "
        "quem é|criou você|te; qual é? ... seu|teu nome; quantos anos; te amo|adoro|odeio; "
        "você é ... burro|inteligente|lindo|linda|chato|legal|engraçado|feio; "
        "onde você mora; você tem ... namorada|namorado|sentimentos|fome|amigos; "
        "feliz aniversário|natal|ano; o que você faz|sabe|pode; bom fim de; "
        "estou triste|entediado|feliz|cansado|sozinho; estou com fome|sono",
        1.9: "^ oi; ^ olá; bom dia; boa tarde|noite; piada",
    },
    "out_of_scope": {
        5.0: "previsão ... tempo; tempo vai|faz|hoje|em; clima|temperatura|chuva|chover|neve; "
        "quem ganhou|venceu|inventou|escreveu|foi|pintou|descobriu|é o|a; ganhou ... jogo|copa|campeonato; "
        "vaga|vagas de emprego|abertas|trabalho; currículo|curriculum; "
        "oferecemos ... serviços|seo|marketing; ganhe|ganhar|ganha|ganhou dinheiro|prêmio|iphone|grana; "
        "clique|clica aqui|agora|no; capital de|do|da; receita*; "
        "seguidores|bitcoin|apostas|loteria|cassino|empréstimo*; toca|toque|coloca ... música|playlist; "
        "despertador|alarme; filme*|cinema; restaurante*|pizza|comida; "
        "voo*|hotel*|táxi; traduz*; presidente ; qual é ... capital|rio|montanha|planeta; que horas são; "
        "trabalho de casa|redação|lição; máquina de lavar; futebol|flamengo|palmeiras",
        1.6: "quem; qual é; onde fica; o que é|significa|foi; por que; minha conta|mãe|cachorro; meu banco|cartão",
    },
}
