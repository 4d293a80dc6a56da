import { rule, type Rule } from '../rule.ts';

/** What people write in Dutch beside the plainest words. */
export const DUTCH: readonly Rule[] = [
  rule(
    'stop',
    5,
    'wil van de lijst',
    /\b(haal|haalt|halen|verwijder\w*|schrap\w*|wis|wist|gooi)\b.{0,14}\b(mij|me|ons|mijn|dit adres)\b(?!.{0,12}\b(op bij|bij het station)\b)|\b(schrijf|schrijft|meld|meldt)\b.{0,14}\b(mij|me|ons)\b.{0,25}\b(uit|af)\b|\bafmeld\w*|\buitgeschreven\b|\b(nieuwsbrief|abonnement|inschrijving)\b.{0,20}\b(opzeg\w*|stop\w*|beeindig\w*|annul\w*)\b|\b(opzeg\w*|stop\w*)\b.{0,15}\b(nieuwsbrief|abonnement)\b/,
  ),
  rule(
    'stop',
    5,
    'wil geen mails meer',
    /\bstuu?r\w*\b.{0,8}\b(?:mij|me|ons)\b.{0,8}\b(?:niks|niets|geen)\b.{0,20}\bmeer\b|\b(niet|nooit) (meer|langer)\b.{0,25}\b(mail\w*|schrijv\w*|stur\w*|stuurt|benader\w*|contact\w*|bell\w*|lastig\w*|ontvang\w*|spam\w*)\b|\bgeen (verdere |enkele |ongevraagde |dergelijke )*(mails?|e-?mails?|berichten|reclame|nieuwsbrie\w*|spam|post)\b(?!.{0,12}\b(ontvangen van|gekregen|gehad)\b)|\b(stel|stellen|prijs)\b.{0,20}\b(geen prijs|niet op prijs)\b|\bgeen prijs op\b|\bniet\b.{0,14}\b(gemaild|benaderd|gebeld|gecontacteerd|lastiggevallen)\b|\bniet (van )?gediend\b/,
  ),
  rule(
    'stop',
    5,
    'wil met rust gelaten worden',
    /\blaat\b.{0,8}\b(mij|me|ons)\b.{0,8}\bmet rust\b|\bhoud?\b.{0,8}\bop\b(?! met)|\b(stop|stopt) (hiermee|daarmee|ermee|met)\b|\bhet is genoeg\b/,
  ),
  rule(
    'stop',
    5,
    'maakt bezwaar',
    /\b(trek|intrekken|ingetrokken)\b.{0,20}\btoestemming\b|\btoestemming\b.{0,20}\b(in|intrekken)\b|\bmaak (hierbij )?bezwaar\b|\brecht (op|van) (verwijdering|bezwaar|vergetelheid)\b/,
  ),

  rule(
    'out_of_office',
    5,
    'afwezig',
    /\bafwezig\w*\b|\b(met|op) (vakantie|zwangerschapsverlof|ouderschapsverlof|verlof)\b|\bgesloten\b.{0,12}\b(tot|van|wegens|t\/m)\b|\bweer (bereikbaar|aanwezig|op kantoor|terug|aan het werk)\b|\b(ik ben|ben) (vrij|ziek|er niet)\b|\bniet (op kantoor|aanwezig|bereikbaar)\b/,
  ),
  rule(
    'interested',
    4,
    'wil meer weten',
    /\bstuu?rt?\b.{0,14}\b(offerte|info\w*|voorstel|prijs\w*|brochure|meer)\b|\b(bel|belt) (u )?(me|mij|ons|gerust|maar)\b|\binteressant\b|\bgraag (meer|een (offerte|afspraak|demo|gesprek))\b|\bvertel\b.{0,8}\bmeer\b|\bwat (kost|zijn de kosten)\b|\bwanneer (kunnen|kan|heeft|schikt)\b/,
  ),
  rule(
    'not_now',
    4,
    'nu niet',
    /\bniet nodig\b|\b(misschien|wellicht) (later|volgend|in)\b|\bgeen (behoefte|interesse|budget|tijd|ruimte)\b|\b(hebben|heb|werken|zijn) (hier |daar )?(al|reeds)\b|\bnu even niet\b|\bnee,? (dank|bedankt|dankje)\b|\bvolgend (jaar|kwartaal)\b|\bandere (leverancier|partij|partner)\b/,
  ),
  rule(
    'wrong_person',
    5,
    'iemand anders gaat erover',
    /\b(hiervoor|daarvoor)\b.{0,12}\b(moet|kunt|kan|dient)\b|\b(bij|met|aan) (mijn|een|onze) collega\b|\b(mijn|onze) collega\b.{0,30}\b(gaat|regelt|verantwoordelijk|doet|over)\b|\bga (ik )?(hier |daar )?niet over\b|\bniet (mijn|verantwoordelijk|de juiste)\b|\bwerk(t)? (hier|daar|er|bij)\b.{0,20}\bniet meer\b|\b(heeft|hebt) de verkeerde\b/,
  ),
];
