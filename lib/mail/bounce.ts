import PostalMime, { type Email } from 'postal-mime'
import { z } from 'zod'

const permanent = z.string().regex(/^5\.\d{1,3}\.\d{1,3}$/)

/** What a mail server or a provider says about a mail that was sent. */
export type Bounce = {
  /** One of the two, or both: the mail's own id, and its `Message-ID`. */
  mailId: string | null
  messageId: string | null
  kind: 'bounce' | 'complaint'
  /** `5.1.1` (https://www.rfc-editor.org/rfc/rfc3463); of a complaint null. */
  status: string | null
}

const mailName = {
  mailId: z.uuid().nullish().default(null),
  messageId: z.string().min(3).max(500).nullish().default(null),
}

/** What a provider posts. A status that is not permanent is let through, as it is no reason to refuse the others. */
export const postedBounces = z.object({
  bounces: z
    .array(
      z
        .object({
          ...mailName,
          kind: z.enum(['bounce', 'complaint']),
          status: z.string().max(20).nullish().default(null),
        })
        .refine(({ mailId, messageId }) => mailId ?? messageId, 'names no mail'),
    )
    .max(500),
})

/** Whether nothing more can be delivered: a complaint, or a permanent status. */
export const isFinal = ({ kind, status }: Pick<Bounce, 'kind' | 'status'>) =>
  kind === 'complaint' || permanent.safeParse(status).success

/** The address that a bounce of this mail comes back to (VERP): `bounces+<mail id>@example.edu`. */
export function toBounceAddress(base: string, mailId: string): string {
  const at = base.lastIndexOf('@')
  return `${base.slice(0, at)}+${mailId}${base.slice(at)}`
}

// An original that was sent back is not looked into: whatever stands there is not the server's word.
const options = { forceRfc822Attachments: true, attachmentEncoding: 'utf8', maxNestingDepth: 20 } as const

/**
 * Reads a message that came to the address for bounces. Returns null unless it is a delivery-status report
 * (https://www.rfc-editor.org/rfc/rfc3464) that says `failed` with a permanent status and names a mail of ours: what
 * is delayed, and what answers by itself, is no bounce.
 */
export async function parseBounce(raw: Uint8Array, base: string): Promise<Bounce | null> {
  const email = await PostalMime.parse(raw, options).catch(() => null)
  if (!email || !isDeliveryReport(email)) return null
  const part = email.attachments.find(({ mimeType }) => mimeType === 'message/delivery-status')
  const status = part && findFailure(String(part.content))
  if (!status) return null
  const named = { mailId: findMailId(email, base), messageId: findMessageId(email) }
  return named.mailId || named.messageId ? { ...named, kind: 'bounce', status } : null
}

const isDeliveryReport = ({ headers }: Email) => {
  const type = headers.find(({ key }) => key === 'content-type')?.value ?? ''
  return /^multipart\/report\b/i.test(type) && /report-type="?delivery-status"?/i.test(type)
}

/** The first recipient's permanent status: each mail of ours has one. */
function findFailure(report: string): string | null {
  for (const block of unfold(report).split(/\n\s*\n/)) {
    const field = (name: string) => new RegExp(`^${name}:[ \\t]*(\\S+)`, 'im').exec(block)?.[1]
    const status = field('Status') ?? ''
    if (field('Action')?.toLowerCase() === 'failed' && permanent.safeParse(status).success) return status
  }
  return null
}

const unfold = (text: string) => text.replaceAll('\r\n', '\n').replace(/\n[ \t]+(?=\S)/g, ' ')

const addressed = ['to', 'delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to']

function findMailId({ headers }: Email, base: string): string | null {
  const [before, after] = toBounceAddress(base, '\n')
    .split('\n')
    .map((part) => part.toLowerCase())
  for (const { key, value } of headers) {
    if (!addressed.includes(key)) continue
    for (const word of value.toLowerCase().split(/[\s<>,;:"]+/)) {
      if (!word.startsWith(before ?? '') || !word.endsWith(after ?? '')) continue
      const id = z.uuid().safeParse(word.slice(before?.length, word.length - (after?.length ?? 0)))
      if (id.success) return id.data
    }
  }
  return null
}

/** Of the message that could not be delivered, or of its headers. */
function findMessageId({ attachments }: Email): string | null {
  const original = attachments.find(({ mimeType }) => ['message/rfc822', 'text/rfc822-headers'].includes(mimeType))
  const head = unfold(String(original?.content ?? '')).split(/\n\s*\n/)[0] ?? ''
  return /^Message-ID:[ \t]*(<[^<>\s]{1,500}>)/im.exec(head)?.[1] ?? null
}
