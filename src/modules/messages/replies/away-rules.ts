import { rule, type Rule } from './rule.ts';

/** An out-of-office text, by subject or body. */
export const AWAY_SUBJECT =
  /\b(automatic reply|auto ?-?reply|automated (reply|response)|i am not here|not in today|currently (away|unavailable)|autoreply|auto ?-?response|out of (the )?office|ooo|away|on (vacation|holiday|leave)|abwesenheit\w*|automatische antwort|abwesend|nicht im (buro|haus)|reponse automatique|absence du bureau|message d'absence|absent|respuesta automatica|fuera de (la )?oficina|ausente|risposta automatica|fuori ufficio|assenza|automatisch antwoord|afwezig\w*|resposta automatica|ausencia|automatyczna odpowiedz|nieobecnosc|autosvar|franvaro|autosvar)\b/;

export const AWAY_RULES: readonly Rule[] = [
  rule(
    'out_of_office',
    5,
    'out of office',
    /\bout of (the |my )?office\b|\b(automatic|auto) ?-?(reply|response)\b|\boffice is closed\b|\bwe are closed\b/,
  ),
  rule(
    'out_of_office',
    5,
    'on leave',
    /\b(i'?m|i am|i will be|i'?ll be|am|currently|be) (currently |still |now )?(on|taking|away on) (a |an |my )?(\w+ ){0,2}(leave|vacation|holidays?|pto|sabbatical)\b/,
  ),
  rule(
    'out_of_office',
    4,
    'away',
    /\b(i'?m|i am|i will be|i'?ll be|will be|am|currently|be) (currently |still |now )?(out|away|abroad|travell?ing|off)\b(?! to the)(?=.{0,80}\b(until|till|back|return\w*|limited|no access|through|this week|next week|desk|sick|today|tomorrow|from)\b)/,
  ),
  rule(
    'out_of_office',
    4,
    'little access to mail',
    /\b(limited|no|intermittent|sporadic|without) (or no )?access to (my |e-?)?(e-?mails?|mailbox|inbox|internet)\b/,
  ),
  rule(
    'out_of_office',
    5,
    'nicht im Büro',
    /\b(nicht im (buro|haus)|ausser haus|abwesen\w+|im urlaub|in (elternzeit|mutterschutz)|urlaubsbedingt|nicht erreichbar|automatische antwort)\b/,
  ),
  rule(
    'out_of_office',
    5,
    'absent',
    /\b(je suis|serai|actuellement|suis)\b.{0,20}\b(absent\w*|en conges?|en vacances|en deplacement|en arret|en conge)\b|\babsen\w+ du bureau\b|\breponse automatique\b/,
  ),
  rule(
    'out_of_office',
    5,
    'fuera de la oficina',
    /\bfuera de (la )?oficina\b|\b(estoy|estare|me encuentro|encontrare)\b.{0,15}\b(de vacaciones|ausente|fuera|de baja)\b|\brespuesta automatica\b/,
  ),
  rule(
    'out_of_office',
    5,
    'fuori ufficio',
    /\bfuori (sede|ufficio)\b|\b(sono|saro)\b.{0,15}\b(in ferie|assente|in vacanza|in congedo)\b|\brisposta automatica\b/,
  ),
  rule(
    'out_of_office',
    5,
    'afwezig',
    /\b(ben|ik ben|zal)\b.{0,15}\b(afwezig|met vakantie|op vakantie|met verlof|niet aanwezig|niet op kantoor)\b|\bautomatisch antwoord\b/,
  ),
  rule(
    'out_of_office',
    5,
    'ausente',
    /\b(estou|estarei|encontro-me)\b.{0,15}\b(de ferias|ausente|fora do escritorio|de licenca)\b|\bfora do escritorio\b|\bresposta automatica\b/,
  ),
  rule(
    'out_of_office',
    5,
    'na urlopie',
    /\b(na urlopie|nieobecn\w+|poza biurem|automatyczna odpowiedz)\b|\b(pa semester|tjanstledig|inte pa kontoret|foraldraledig|pa ferie|ikke pa kontoret|autosvar)\b/,
  ),
  rule(
    'out_of_office',
    4,
    'answers again on a date',
    /\b(back|return\w*|again|resume|reprise|retour|regres\w+|volvere|rientro|zuruck|wieder|terug|weer)\b.{0,40}\b(office|desk|work|answer\w*|reply|respond|reach\w*|buro|erreichbar|bureau|oficina|ufficio|kantoor|escritorio|bereikbaar)\b|\b(answer\w*|reply\w*|respond\w*|check\w*|read\w*)\b.{0,25}\bagain\b|\b(reprise|de retour) le\b/,
  ),
  rule(
    'out_of_office',
    4,
    'slow to answer',
    /\b(slow|unable|not able|delayed?) (to|in) (respond\w*|reply\w*|answer\w*|check\w*)|\b(response|reply)s? (may|will|might) be (slow|delayed)\b/,
  ),
  rule(
    'out_of_office',
    4,
    'travels',
    /\b(dienstreise|geschaftsreise|auf reisen|en deplacement|en voyage|de viaje|in viaggio|op reis|em viagem|business trip)\b/,
  ),
  rule(
    'out_of_office',
    5,
    'on leave',
    /\b(conge|conges|baja) (maternite|paternite|parental|maternal|annuel\w*)\b|\b(maternity|paternity|parental|sick|annual|medical|bereavement) leave\b|\bkrankgeschrieben\b|\bbaja (medica|por maternidad)\b/,
  ),
  rule(
    'out_of_office',
    4,
    'kein Zugriff',
    /\b(eingeschrankt\w*|kein\w*|begrenzt\w*)\b.{0,20}\b(zugriff|zugang)\b|\bacces (limite|reduit)\b|\bacceso limitado\b|\baccesso limitato\b|\bbeperkte? toegang\b|\bacesso limitado\b/,
  ),
  rule(
    'out_of_office',
    4,
    'away until a date',
    /\b(krank|vrij|absent\w*|fri|libre|ferien|frei|on holiday|hospital|jury duty)\b.{0,40}\b(until|till|bis|ab|jusqu'?au|tot|hasta|fino|ate|till)\b/,
  ),
];
