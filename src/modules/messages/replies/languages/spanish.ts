import { rule, type Rule } from '../rule.ts';

/** What people write in Spanish beside the plainest words. Folded: ñ is n, á is a. */
export const SPANISH: readonly Rule[] = [
  rule(
    'stop',
    5,
    'pide la baja',
    /\b(dar|dad|de|den|da|demos|doy|causar|solicit\w*|ped\w*|pid\w*|quier\w*|tramit\w*|curs\w*)(me|nos|se)?\b.{0,20}\b(de |la |mi )baja\b(?! (medica|por|maternal|paternal|laboral))|\b(dadme|deme|denme|danos|dadnos|denos|dame)\b.{0,12}\bbaja\b|\bdesuscri\w+|\bdesapunt\w+|\b(cancel|anul)\w*\b.{0,15}\b(su[bs]*cripcion|registro)\b/,
  ),
  rule(
    'stop',
    5,
    'pide que lo borren',
    /\b(borr|elimin|quit|saqu|sac|retir|suprim|tach)\w{1,5}(me|nos)\b|\b(borr|elimin|quit|suprim)\w*\b.{0,12}\b(mi|mis|nuestr\w+) (datos|correo|email|e-mail|direccion|numero|contacto)\b/,
  ),
  rule(
    'stop',
    5,
    'no quiere recibir más',
    /\bno (me |nos )?(quier\w*|quer\w*|dese\w*|interesa|autoriz\w*|gusta\w*|apetece) (seguir )?(recib\w*|que (me|nos)|sus (correos|mensajes|emails)|mas (correos|mensajes|emails|publicidad))\b|\bno (me |nos )?(vuelv\w*|volv\w*) a\b|\bno (me|nos) (escrib|envi|mand|llam|contact|molest)(a|e|an|en|eis|ais|as|es)\b(?! (la|el|los|las|un|una) (factura|pedido|paquete))/,
  ),
  rule(
    'stop',
    5,
    'pide paz',
    /\bdej(a|e|en|ad)(me|nos)\b.{0,12}\b(en paz|tranquil\w*)\b|\b(no|ni) (mas|un|una) (correos?|mensajes?|emails?|publicidad|spam|llamadas?)\b|\b(basta|harto|harta|cansad\w)\b.{0,8}\b(de|con) (tant\w+ |sus |estos |vuestros )?(correos?|mensajes?|emails?|publicidad|spam)\b|\bstop (publicidad|correos|spam)\b/,
  ),
  rule('stop', 5, 'no quiere ser contactado', /\bno\b.{0,20}\bser (contactad|molestad|llamad)[oa]s?\b/),
  rule('stop', 5, 'se opone', /\b(revoc\w*|retir\w*)\b.{0,15}\bconsentimiento\b|\b(me opongo|derecho de (supresion|oposicion))\b|\baepd\b/),

  rule(
    'out_of_office',
    5,
    'ausente',
    /\bde vacaciones\b|\bausente\b|\b(de|en) baja (medica|maternal|paternal|laboral|por|hasta)\b|\ba mi (vuelta|regreso)\b|\b(cerrad[oa]s?)\b.{0,15}\b(hasta|por|del|desde)\b|\b(vuelvo|regreso|regresare|volvere|me reincorporo|estare de vuelta)\b.{0,12}\b(el|en|la)\b/,
  ),
  rule(
    'interested',
    4,
    'quiere saber más',
    /\bsuena (muy )?(bien|interesante)\b|\b(mand|envi|pas|cuent|llam)\w{1,3}(me|nos)\b.{0,25}(\b(mas|info\w*|detalles|precios?|propuesta|presupuesto|catalogo|tarifas?|manana|hoy|lunes|martes|miercoles|jueves|viernes)\b|$)|\b(cuanto|que precio)\b|\bnecesit\w+\b.{0,20}\bpresupuesto\b|\bcuando (podemos|podriamos|te viene|le viene)\b/,
  ),
  rule(
    'not_now',
    4,
    'ahora no',
    /\bno (nos |me )?(hace|hacen) falta\b|\bno (lo |la )?necesit\w*|\b(quizas?|tal vez|a lo mejor|puede que)\b.{0,30}\b(adelante|ano|mes|trimestre|tarde|otono|primavera|verano)\b|\b(otro|nuestro) proveedor\b|\bya (tenemos|contamos|trabajamos|lo tenemos|usamos)\b|\beste (ano|trimestre|mes)\b.{0,10}\b(no|es|imposible)\b|\bsin presupuesto\b|\bno (es|parece)\b.{0,12}\b(buen|el) momento\b/,
  ),
  rule(
    'wrong_person',
    5,
    'es otra persona',
    /\bno (llevo|gestiono|manejo|me (encargo|ocupo)|soy (yo|quien|el|la))\b|\b(lo lleva|se encarga|se ocupa|lo gestiona)\b|\b(hable|habla|hablad|contacte|dirijase|escriba|consulte|pregunte)\b.{0,6}\b(con|a|al|en) (compras|recursos|administracion|marketing|mi|el (departamento|responsable|encargado)|la (responsable|encargada)|nuestr\w+)\b|\bya no (trabaj\w+|estoy)\b|\b(se|te|os) (ha|han|has|habeis) (equivocado|confundido)\b/,
  ),
];
