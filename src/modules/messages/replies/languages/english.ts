import { rule, type Rule } from '../rule.ts';

const MAILS = String.raw`(?:e-?mails?|mails?|messages?|texts?|newsletters?|spam|junk|marketing|adverts?|ads|communications?|stuff|nonsense)`;
const MONTHS_AND_SEASONS = String.raw`(?:january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|fall|winter|the new year|new year|q[1-4]|a (?:few|couple of) (?:weeks|months)|(?:two|three|six|\d+) (?:weeks|months))`;

/** What people write in English beside the plainest words. */
export const ENGLISH: readonly Rule[] = [
  rule(
    'stop',
    5,
    'asks to be taken off',
    /\b(drop|cross|strike|take|get|knock|scratch|leave|kick|cut|tick|rub|wipe)(ping|ing|ting)? (me|us|my \w+|this (address|number)|our \w+)\b.{0,12}\b(off|from|out of)\b/,
  ),
  rule(
    'stop',
    5,
    'asks to be removed',
    /\b(remov|delet|eras|unsubscrib|exclud)(e|ing) (me|us|my (number|phone|contact|info\w*|name|records?|account))\b/,
  ),
  rule(
    'stop',
    5,
    'asks for the way out',
    /\bhow\b.{0,20}\b(do|can|to|does one)\b.{0,12}\b(get (off|out of|away)|unsubscribe|opt ?-?out|come off|stop (getting|receiving|this|these|the|your|you)|cancel (this|my|the|your) (subscription|newsletter|mailings?|e-?mails?))/,
  ),
  rule(
    'stop',
    5,
    'wants off the list',
    /\b(get|be|come|want|need|like|taken|removed?|removing|struck)\b.{0,20}\b(off|from|out of) (this|your|the|that|any) ([a-z]+ ){0,2}(lists?|thing|database|newsletter|mailings?|campaign|inbox|sequence)\b/,
  ),
  rule(
    'stop',
    5,
    'withdraws consent',
    /\b(withdraw|revoke|rescind|retract|cancel)\w*\b.{0,20}\b(consent|permission|subscription)\b|\b(do not|don'?t|never) (consent|agree(d)? to (this|these|be|receive|get))\b|\bobject to\b.{0,30}\b(marketing|processing|contact\w*|mails?)\b/,
  ),
  rule(
    'stop',
    5,
    'does not want it in their inbox',
    new RegExp(
      String.raw`\b(?:don'?t|do not|never|no longer|didn'?t) (?:want|need|wish|care|like|ask)\b.{0,30}\b(?:(?:in|to|into) (?:my|our) (?:inbox|mailbox|mail)|(?:your|these|such|any|more) (?:more |further |of (?:your|these) )?${MAILS})\b|\b(?:out of|away from) (?:my|our) (?:inbox|mailbox)\b`,
    ),
  ),
  rule(
    'stop',
    5,
    'asks to stop it',
    new RegExp(
      String.raw`\b(?:quit|stop|knock|cut|enough|done|lay off|ease up|pack it in)\b(?: (?:it|this|that|off|out|already|of|now))*,? (?:with )?(?:the|these|this|those|your|all|of) (?:constant |endless |stupid |damn |bloody |whole )?${MAILS}\b|\b(?:knock|cut|pack|jack) it (?:off|out|in)\b(?! of)`,
    ),
  ),
  rule(
    'stop',
    4,
    'threatens to complain',
    /\b(complain\w*|complaint|report\w*)\b.{0,30}\b(ico|ftc|cnil|gdpr|regulator|data protection|watchdog|spam\w*|abuse|authorit\w+|your (provider|host|isp))\b|\b(blocking|block|blocked|blacklist\w*) (you|this sender|your (address|domain|number))\b/,
  ),
  rule(
    'stop',
    5,
    'would rather not',
    /\b(rather|prefer) (not|to not)\b.{0,12}\b(get|receive|hear|have|be|see)\b|\bno right to\b.{0,12}\b(e-?mail|mail|contact|write|message|text|call|use)\b|\boff (the|this|your) ([a-z]+ )?(lists?|mailings?|newsletter|database)\b/,
  ),
  rule(
    'stop',
    5,
    'does not want to hear from us',
    /\b(not|never|don'?t|no) (\w+ ){0,3}(interested in |want to |wish to |care to |need to |desire to )(be )?(hear(ing)?|receiv(e|ing)|get(ting)?|contacted)\b(?! back)/,
  ),
  rule(
    'stop',
    4,
    'has asked before',
    /\b(unsubscribed|opted out)\b.{0,30}\b(already|before|last|ago|twice|times|month|week|year|weeks|months)\b|\b(already|even though|although|despite)\b.{0,30}\b(unsubscrib\w*|opted out)\b|\bkeep (getting|receiving|sending me) (these|this|your|those|more)\b/,
  ),
  rule(
    'stop',
    4,
    'calls it unsolicited',
    /\b(unsolicited|unwanted)\b.{0,20}\b(e-?mails?|mails?|messages?|contact|calls?|advert\w*|marketing)\b/,
  ),

  rule(
    'out_of_office',
    5,
    'closed',
    /\b(closed|shut) (for|until|till|from|between|over|on)\b.{0,40}\b(holidays?|christmas|easter|thanksgiving|break|until|till|january|december|reopen|back|return)\b|\bwe (will |shall )?(re-?open|be back)\b/,
  ),
  rule(
    'out_of_office',
    5,
    'away',
    /\b(out|off) (sick|ill|of the country|on (leave|holiday|vacation|business))\b|\baway from (my |the )?(desk|office|e-?mail|computer|keyboard)\b|\b(in|during) my absence\b|\bcover(s|ing)? for me\b|\bon (annual|parental|maternity|paternity|sick|medical|compassionate|study) leave\b/,
  ),
  rule(
    'out_of_office',
    5,
    'on holiday',
    /^(hi|hello|hey)?[ ,!a-z]{0,12}\b(on|away on|off on) (my )?(holidays?|vacation|leave|pto|honeymoon)\b/,
  ),

  rule(
    'interested',
    3.5,
    'asks for an offer',
    /\b(put together|prepare|make|draw up|work up|give|get|send|need|have)\b.{0,20}\b(an?|your|the|us|me) ?(offer|quote|quotation|proposal|estimate|price)\b|\b(please|can you|could you) quote\b|\bwhat (would|do|does|will) .{0,30}\b(cost|charge|run|set us back)\b|\bat the right (time|moment)\b|\bgood timing\b|\bcan'?t wait\b(?!.{0,10}\bany longer\b)|\bhow (soon|quickly|fast) (can|could|would|will)\b/,
  ),
  rule(
    'interested',
    3.5,
    'wants to go on',
    /\bcount (me|us) in\b|\b(i'?m|we'?re|i am|we are) (all ears|in|listening|game|keen|curious|up for (it|that))\b|\bgot (me|us) (curious|interested|hooked)\b|\bwhen are you (free|around|available)\b|\bhalf an hour\b.{0,20}\b(on|next|this|tomorrow)\b|\b(any|some) (references?|case stud\w+|examples|success stories)\b|\b(sounds|looks) (good|great|interesting|useful|promising|perfect|like (something|a plan))\b|\b(could|might) be (useful|interesting|of (use|interest)|a fit)\b/,
  ),

  rule(
    'not_now',
    4,
    'asks to come back later',
    new RegExp(
      String.raw`\b(?:ping|try|ask|call|write|contact|reach|get|come|remind|check|nudge|knock|talk|speak|revisit|wait|look at (?:it|this))\b.{0,30}\b(?:in|until|till|after|around|next|come) ${MONTHS_AND_SEASONS}\b|\bcan (?:this|it|we) wait\b|\b(?:some|an)other time\b|\bmaybe later\b|\blater (?:this|next) year\b`,
    ),
  ),
  rule(
    'not_now',
    4,
    'no budget',
    /\bbudgets?\b.{0,25}\b(spent|gone|allocated|used up|committed|exhausted|done|closed|cut|zero|tight|frozen|full)\b|\b(no|not the|spent the|out of) (money|funds|budget)\b/,
  ),
  rule(
    'not_now',
    4,
    'passes',
    /\b(a|hard|soft) pass\b|\bpass on (this|it|that)\b|\bnot (a|the right|quite a) (fit|match)\b|^(no|nope|nah)( thanks| thank you| thx| ta)?[.!, ]*$|\b(build|do|make|handle|run) (it|this|that|these|everything|all of (it|this)) (in-?house|ourselves|internally)\b|\bcount (me|us) out\b/,
  ),
  rule(
    'not_now',
    4,
    'says yes and means no',
    /\b(yeah|oh|sure|yes),? (right|sure)\b|\bas if (we|i)\b|\bin your dreams\b|\bwhen (hell|pigs)\b|\bvery funny\b/,
  ),

  rule(
    'wrong_person',
    5,
    'names who it is',
    /\byou (want|need|should (talk|speak|write) to|('re| are) (better off|best) (with|asking|talking to)) (?!to |more|the |a |an |us|me|it|this|that|my (help|answer))[a-z]+\b.{0,40}\b(for|about|on) (this|that|it|these)\b|\b(she|he|they|[a-z]+) (runs|handles|heads|leads|looks after|takes care of|deals with|oversees) (our |the |all )?(purchasing|procurement|buying|marketing|sales|it|hr|finance|this|that|these)\b/,
  ),
  rule(
    'wrong_person',
    5,
    'taken for another',
    /\b(mixed|mixing|muddled) (me |us |it |things )?up\b|\bconfus(ed|ing) me with\b|\bnothing to do with\b|\bthis (inbox|mailbox|address|number|phone) (is|belongs|was) (mine|now|to|no longer)\b|\bnot (my|in my) (area|field|department|remit|job|call|decision|desk)\b|\bmoved to (another|a different|a new) (department|team|role|job|company|position)\b|\bdirect (all |any |your )?(enquir\w+|inquir\w+|questions?|mails?) to\b/,
  ),
];
