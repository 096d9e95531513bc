import { env } from '@/lib/config/env'
import { readMessages } from '@/lib/config/languages'
import { renderNotice } from '@/lib/mail/notice'
import type { RenderedMail } from '@/lib/mail/render'

type Told = { type: string; personId: string | null; itemId: string | null; isWork: boolean }

/** Of one kind of event. All of them are in the changes that the mail leads to. */
const linksMax = 25

/** A digest in words: how many events of each kind there were, and where to read the rest. It has no name and no iD. */
export function renderDigest(locale: string, system: string, events: readonly Told[]): RenderedMail {
  const { subject, body, where, more, types } = readMessages(locale).mail.digest
  const words: Record<string, string> = types
  const api = `${env().origin}/api/v1`
  const list = [...new Set(events.map(({ type }) => type))].map((type) => {
    const some = events.filter((event) => event.type === type)
    const links = [...new Set(some.flatMap((event) => linkTo(api, event) ?? []))]
    const left = links.length - linksMax
    return {
      title: `${words[type.replace('.', '-')] ?? type}: ${some.length}`,
      reason: [type, ...links.slice(0, linksMax), ...(left > 0 ? [more.replace('{count}', `${left}`)] : [])].join('\n'),
    }
  })
  const about = where
    .replace('{changes}', `${api}/people/changes`)
    .replace('{developers}', `${env().origin}/developers`)
  return renderNotice({ text: { subject, body }, locale, system, about, list })
}

function linkTo(api: string, { personId, itemId, isWork }: Told): string | null {
  if (itemId) return `${api}/${isWork ? 'works' : 'affiliations'}/${itemId}`
  return personId && `${api}/people/${personId}`
}
