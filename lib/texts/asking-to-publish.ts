/** With one kind of line end. */
export const withNewlines = (text: string) => text.replace(/\r\n?|\u2028|\u2029/g, '\n')

// In the languages that we have, whichever a text says that it is in.
const asksToPublish = [
  /\b(change|set|adjust|edit|update|open|switch|turn|raise|increase|widen|check|review)\b.{0,60}\b(visibility|privacy settings?|who (can|may) see)\b/iu,
  /\b(make|set|mark|turn|switch|change|keep|leave)\b.{0,50}\b(your|it|them|all|everything|the record|e-?mail|works|profile|address)\b.{0,50}\b(public(ly)?|visible|(to|for) (everyone|everybody|anyone|all))\b/iu,
  /\b(publish|display|reveal|disclose|show)\b.{0,40}\be-?mail/iu,
  /(?<!\p{L})(cambi|modifi|ajust|configur|actuali|revis|abr)\p{L}*.{0,60}(visibilidad|ajustes de privacidad|configuración de privacidad|quién puede ver)/iu,
  /(?<!\p{L})(haga|hágal\p{L}*|haz|hacer|ponga|póngal\p{L}*|pon|poner|marque|marcar|deje|dejar|configure|configurar|establezca|cambie|cambiar)(?!\p{L}).{0,80}(públic[oa]s?|visibles?|para todos|todo el mundo|cualquiera)(?!\p{L})/iu,
  /(?<!\p{L})(publi(que|car|ca)|muestre|mostrar|revele|revelar|divulgue|divulgar)(?!\p{L}).{0,50}(correo|e-?mail)/iu,
]
const denied = /(?<!\p{L})(not|never|no|nor|without|nunca|sin|ni|jamás)(?!\p{L})|n[’']t(?!\p{L})/iu

/** The first sentence that asks people to change who sees their record, or to publish an e-mail address. */
export function findAskingToPublish(text: string): string | null {
  const sentences = withNewlines(text)
    .replace(/([^\n])\n(?!\n)/g, '$1 ')
    .split(/(?<=[.!?])\s+|\n+/)
  const found = sentences.find((sentence) => asksToPublish.some((one) => one.test(sentence)) && !denied.test(sentence))
  return found?.trim().slice(0, 300) ?? null
}
