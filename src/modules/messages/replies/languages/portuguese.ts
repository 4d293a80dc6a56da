import { rule, type Rule } from '../rule.ts';

/** What people write in Portuguese beside the plainest words. Folded: ã is a, ç is c. */
export const PORTUGUESE: readonly Rule[] = [
  rule(
    'stop',
    5,
    'pede para sair',
    /\b(tir|remov|retir|apag|elimin|exclu|descadastr|risqu)\w{1,4}-(me|nos)\b|\b(me|nos) (tir|remov|retir|exclu|apag|descadastr|elimin)\w*\b|\b(cancel|anul)\w*\b.{0,18}\b(inscricao|subscricao|assinatura|registo|cadastro)\b|\b(quero|desejo|gostaria de|preciso) sair\b/,
  ),
  rule(
    'stop',
    5,
    'não quer receber mais',
    /\bnao (quero|queremos|desejo|desejamos|pretendo|autorizo|gostaria de)\b.{0,14}\b(receber|ser contact\w*|ser contat\w*|que me|mais (mensagens|e-?mails?|contact\w*|contat\w*|publicidade))\b|\bnao (me |nos )(envi|mand|escrev|contact|contat|lig|incomod|perturb)\w*\b(?!.{0,10}\b(a|o) (fatura|encomenda|pedido|nota)\b)|\bnao (envi|mand|escrev|volt)(em|e|am|a|es)\b.{0,12}\b(mais|a (escrever|mandar|enviar|contactar|contatar))\b/,
  ),
  rule(
    'stop',
    5,
    'pede paz',
    /\b(parem?|pare|chega|basta|deixem?)\b.{0,6}\b(com|de)\b.{0,12}\b(mail|e-?mails?|mensagens|spam|publicidade|enviar|mandar|escrever|contactar|contatar|ligar|incomodar|isso|isto)\b|\bem paz\b/,
  ),
  rule(
    'stop',
    5,
    'opõe-se',
    /\b(revog|retir)\w*\b.{0,14}\bconsentimento\b|\boponho-me\b|\bdireito (de|ao) (oposicao|apagamento|esquecimento)\b/,
  ),

  rule(
    'out_of_office',
    5,
    'ausente',
    /\bde ferias\b|\bausente\b|\bfora do (escritorio|pais)\b|\b(encerrad|fechad)[oa]s?\b.{0,12}\b(ate|de|para|entre)\b|\bno meu (regresso|retorno)\b|\b(volto|regresso|retorno|regressarei|voltarei|retornarei|estarei de volta)\b.{0,12}\b(no dia|em|a|dia|na|segunda|terca|quarta|quinta|sexta)\b|\bde (licenca|baixa)\b|\bdurante a minha ausencia\b/,
  ),
  rule(
    'interested',
    4,
    'quer saber mais',
    /\b(marcar|agendar)\b.{0,20}\b(reuniao|chamada|conversa|call|demonstracao|demo|visita|horario)\b|\b(pode|podem|poderia\w*|envi\w+|mand\w+)\b.{0,20}\b(mais|proposta|orcamento|informac\w+|detalhes|precos?|tabela|catalogo)\b|\b(me interessa|interessa-me|interessa-nos)\b|\b(parece|soa) (muito )?(bem|bom|interessante|otimo)\b|\bquanto (custa|fica|seria)\b|\b(ligue-me|me ligue|liguem-me)\b|\btenho (muito )?interesse\b/,
  ),
  rule(
    'not_now',
    4,
    'agora não',
    /\b(neste|de|no|nesse) momento\b.{0,20}\bnao\b|\bnao\b.{0,30}\b(neste momento|de momento|por agora|por enquanto|agora)\b|\btalvez\b.{0,25}\b(tarde|ano|mes|depois|frente|trimestre)\b|\bja (temos|trabalhamos|tenho|usamos)\b|\bnao (temos|tenho|ha) (interesse|orcamento|verba|necessidade|budget)\b|\boutro fornecedor\b|\bmais tarde\b/,
  ),
  rule(
    'wrong_person',
    5,
    'é outra pessoa',
    /\bnao sou eu\b|\bnao (trato|cuido|sou (o|a) (responsavel|pessoa)|me ocupo)\b|\b(quem trata|trata disso|e responsavel por isso)\b|\b(fale|contacte|contate|dirija-se|escreva)\b.{0,6}\b(com|o|a|para|ao)\b.{0,16}\b(colega|departamento|setor|responsavel|compras|dr|sr|dona|senhor\w*)\b|\b(ja )?nao trabalho\b|\bpessoa errada\b|\benganou-se\b|\bse enganou\b/,
  ),
];
