import { rule, type Rule } from '../rule.ts';

/** What people write in Polish. Folded: ł is l, ą is a, ż is z. */
export const POLISH: readonly Rule[] = [
  rule(
    'stop',
    5,
    'prosi o usunięcie',
    /\b(usun\w*|wypis\w*|wykresl\w*|skasow\w*|skasuj\w*|wykas\w*|skresl\w*)\b.{0,30}\b(mnie|nas|moj\w*|nasz\w*|adres\w*|list\w*|baz\w*|dan[ey]\w*|subskrypc\w*|mail\w*|numer\w*)\b|\b(mnie|nas|adres\w*)\b.{0,20}\b(usun\w*|wypis\w*|wykresl\w*|skas\w*)\b|\b(rezygn\w*|zrezygn\w*)\b.{0,20}\b(newsletter\w*|subskrypc\w*|otrzymyw\w*|mailing\w*|wiadomosc\w*)\b|\bwypisuje sie\b/,
  ),
  rule(
    'stop',
    5,
    'nie chce wiadomości',
    /\bnie (zycz\w*|zycze) sobie\b|\bnie (chc\w*|chcial\w*)\b.{0,25}\b(otrzym\w*|dosta\w*|wiecej|takich|wiadomosc\w*|maili|mejli|reklam\w*|newsletter\w*|kontakt\w*)\b|\b(prosze|prosimy|juz|wiecej)( juz| wiecej| do mnie)* nie (pisa|pisz|wysyl|przesyl|przysyl|kontakt|dzwon)\w*|\bo (nie ?)(wysyl|przesyl|przysyl|kontakt|pisa)\w*|\bnie (pisz|piszcie|wysylaj|wysylajcie|przysylaj|przysylajcie|dzwon|dzwoncie|kontaktuj\w*|spamuj\w*)\b(?!.{0,12}\b(faktur\w*|paczk\w*)\b)|\bzadnych (wiecej )?(maili|wiadomosci|reklam|newsletter\w*)\b/,
  ),
  rule(
    'stop',
    5,
    'prosi o spokój',
    /\bprzesta(n|c|ncie|nci|jcie|l\w*)\b|\b(daj|dajcie|dac)\b.{0,8}\bspokoj\b|\b(dosc|koniec|stop) (z |tych |tego |tym )*(mail\w*|wiadomosc\w*|spam\w*|reklam\w*)\b|\bzaprzesta\w*\b/,
  ),
  rule(
    'stop',
    5,
    'wycofuje zgodę',
    /\b(cofam|wycofuj\w*|odwoluj\w*|wycofac|cofnac)\b.{0,15}\bzgod\w*\b|\bsprzeciw\w*\b|\bnie wyrazam zgody\b|\bprawo do (usuniecia|bycia zapomnian\w*)\b/,
  ),

  rule(
    'out_of_office',
    5,
    'nieobecny',
    /\b(na|podczas|w trakcie) urlop\w*\b|\burlopie\b|\bnieobecn\w*\b|\bpoza (biurem|miejscem pracy)\b|\b(wracam|wroce|powroce|powrot)\b.{0,20}\b(do|po|\d|w|od|poniedzial\w*|wtor\w*|srod\w*|czwart\w*|piat\w*)|\bzwolnieni\w+ (lekarsk\w+|chorobow\w+)\b|\b(biuro|firma)\b.{0,20}\b(nieczynn\w*|zamkniet\w*)\b|\bna chorobowym\b|\bbede (znowu |ponownie )?dostepn\w*\b/,
  ),
  rule(
    'interested',
    4,
    'zainteresowany',
    /\b(jestem|jestesmy|bylbym|bylabym) (bardzo )?zainteresowan\w*|\bbrzmi (bardzo )?(ciekawie|dobrze|interesujaco|swietnie)\b|\b(prosze|poprosze|prosimy) o (przeslanie |wyslanie |wiecej |podanie )?(ofert\w*|cennik\w*|cen\w*|informacj\w*|telefon\w*|wycen\w*|szczegol\w*|demo|prezentacj\w*|propozycj\w*)\b|\bile\b.{0,12}\bkoszt\w*|\bjak(a|i) (jest |bylby |bylaby )?(cena|koszt)\b|\bchetnie\b|\bumow\w*\b.{0,20}\b(spotkani\w*|rozmow\w*|sie|termin)\b|\b(prosze|moze pan\w*) (o telefon|zadzwoni\w*|dzwoni\w*)\b|\binteresuje (mnie|nas)\b|\bkiedy (mozemy|moglibysmy|pan\w* moze)\b/,
  ),
  rule(
    'not_now',
    4,
    'nie teraz',
    /\b(na razie|obecnie|teraz|w tej chwili|aktualnie|w tym (momencie|roku|kwartale))\b.{0,20}\bnie\b|\bnie\b.{0,25}\b(na razie|obecnie|teraz|w tej chwili|aktualnie|w tym roku)\b|\bnie (potrzebuj\w*|jestem zainteresowan\w*|jestesmy zainteresowan\w*|interesuje|skorzystam\w*)\b|\bnie ma\w* (budzetu|potrzeby|srodkow|czasu)\b|\b(mamy|mam) juz\b|\bjuz (mamy|mam|wspolprac\w*|korzystamy)\b|\b(moze|byc moze)\b.{0,20}\b(pozniej|rok\w*|wiosn\w*|kwarta\w*|miesiac\w*)\b|\bnie,? dzieku\w*|\bdzieku\w+,? nie\b|\bprosze (wrocic|odezwac sie|przypomniec)\b.{0,30}\b(za|w|po)\b/,
  ),
  rule(
    'wrong_person',
    5,
    'inna osoba',
    /\bnie (zajmuj\w* sie|odpowiadam|jestem (wlasciw\w*|odpowiedni\w*|ta osob\w*|osob\w*))\b|\bto nie (moj\w*|do mnie|ja)\b|\b(pisac|kontaktowac sie|zwrocic sie|napisac|skierowac)\b.{0,6}\b(do|z|na)\b.{0,12}\b(dzial\w*|kolez\w*|koleg\w*|pan[ia]\w*|biur\w*|sekretariat\w*)\b|\b(zajmuje|odpowiada) (sie tym|za to|u nas)\b|\b(juz|wiecej) (tu |tam |u nas )?nie pracuj\w*|\bnie pracuj\w* (juz|tu|tam)\b|\b(pomyl\w*|niewlasciw\w* osob\w*|zla osoba)\b/,
  ),
];
