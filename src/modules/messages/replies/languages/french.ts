import { rule, type Rule } from '../rule.ts';

/** What people write in French beside the plainest words. Folded: é is e, ç is c. */
export const FRENCH: readonly Rule[] = [
  rule(
    'stop',
    5,
    'ne veut plus y figurer',
    /\b(ne plus|plus jamais|ne plus jamais)\b.{0,15}\b(figurer|apparaitre|faire partie|etre (contacte|sollicite|derange|demarche|inscrit|relance)\w*|recevoir|m'?(envoyer|ecrire|appeler|importuner|embeter|contacter))\b|\bne pas (me|nous|m')\s?(re)?(contact\w*|ecri\w*|appel\w*|sollicit\w*|relanc\w*)/,
  ),
  rule(
    'stop',
    5,
    'veut être tranquille',
    /\b(laisse\w*|foutez|fichez|lachez)( |-)(moi|nous)\b.{0,12}\b(tranquilles?|paix)\b|\bstop (pub\w*|mails?|sms|spams?|aux?|a vos|newsletters?)\b|\b(ca|cela) suffit\b/,
  ),
  rule(
    'stop',
    5,
    'demande le retrait',
    /\b(retir|enlev|supprim|effac|ray|sort|ot|radi)\w*(-| )(moi|nous|mon (nom|adresse|mail|e-?mail|numero|contact)|mes (donnees|coordonnees|infos?|informations))\b|\b(me|m'|nous) (retir|enlev|supprim|ray|radi|desinscri|desabonn)\w*/,
  ),
  rule(
    'stop',
    5,
    's’oppose',
    /\b(m'oppose|nous opposons|droit (d'opposition|a l'effacement|a l'oubli))\b|\b(retir|revoqu)\w*\b.{0,15}\bconsentement\b|\b(resili|annul)\w*\b.{0,15}\b(abonnement|inscription)\b|\bcnil\b/,
  ),
  rule(
    'stop',
    5,
    'plus de publicité',
    /\b(plus|pas|aucune?|marre|assez) (de |d'|des |de vos |de ces )?(pubs?|publicites?|prospection|demarchage|newsletters?|sms|spams?|sollicitations?|mails?|e-?mails?|courriels?|messages?)\b(?! (recu|de votre part encore))/,
  ),

  rule(
    'out_of_office',
    5,
    'absent',
    /\b(ferme|fermes|fermee|fermees)\b.{0,20}\b(jusqu|du|pour|au)\b|\b(en|de) (conges?|vacances|rtt)\b|\babsente?s?\b.{0,25}\b(jusqu|du|le|ce|cette|aujourd)|\b(serai|serons|suis|sommes) de retour\b|\b(en|durant|pendant) mon absence\b/,
  ),
  rule(
    'interested',
    4,
    'veut parler',
    /\b(pouvez-vous|pourriez-vous|peux-tu|merci de) (m'|me |nous )\s?(appeler|rappeler|envoyer|contacter|dire|transmettre|faire|joindre|telephoner)\b|\b(appelez|rappelez|contactez|envoyez)( |-)(moi|nous)\b(?!.{0,25}\b(plus tard|printemps|automne|annee|trimestre|janvier|rentree)\b)|\b(ca|cela) (me|nous) (tente|plait|parle|interesse)\b|\ben savoir plus\b|\bme convient\b|\b(rdv|rendez-vous)\b/,
  ),
  rule(
    'not_now',
    4,
    'pas maintenant',
    /\b(pas|ni)\b.{0,15}\b(pour l'instant|pour le moment|besoin|budget|interesse\w*|cette annee|d'actualite|prevu|la priorite)\b|\b(deja) (un|une|equipe\w*|pourvu\w*|quelqu'un|engage\w*|ce qu'il)\b|\b(l'annee prochaine|plus tard|au printemps|a la rentree|dans (six|quelques|\d+) mois)\b/,
  ),
  rule(
    'wrong_person',
    5,
    'c’est quelqu’un d’autre',
    /\bn'est pas (moi|mon (role|domaine|service|ressort|sujet))\b|\b(voyez|voir|adressez-vous|parlez-en|rapprochez-vous)\b.{0,12}\b(avec|a|au|de) (m\b|mme|mr|madame|monsieur|mon|ma|le|la|notre)|\bne (travaille|travaillons|fais|gere)\b.{0,8}\bplus\b|\b(s'occupe|est charge\w*|est en charge|gere)\b.{0,10}\b(de|du|ce|cela|ca|ces)\b|\bvous vous trompez\b|\bje ne (gere|m'occupe|suis) pas\b/,
  ),
];
