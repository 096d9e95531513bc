import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { requireStaff } from '@/lib/auth/gates'
import { makeOneTimeKeyCookie } from '@/lib/auth/one-time-link'
import { env } from '@/lib/config/env'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { findSystem } from '@/lib/systems/queries'
import { isKnownPrivate } from '@/lib/webhooks/address-guard'
import { changeSecret, saveWebhook } from '@/lib/webhooks/commands'
import { digestUrl, webhookUrl } from '@/lib/webhooks/schema'

const fields = z.union([
  z.object({ system: z.uuid(), action: z.literal('save'), url: z.string().max(2_000) }),
  z.object({ system: z.uuid(), action: z.literal('digest'), recipient: z.string().max(500) }),
  z.object({ system: z.uuid(), action: z.literal('secret') }),
])

/** Sets the address of a webhook or of a digest, or changes a secret. A secret goes to the page that shows it in a sealed cookie. */
export const POST = formRoute(
  'invite',
  fields,
  async (form, { requestId }) => {
    const actor = await requireStaff('manageKeys')
    const system = await findSystem(actor, form.system)
    if (!system) return seeOther('/staff/systems?note=gone')
    const page = `/staff/systems/${system.id}/events`
    if (form.action === 'secret') {
      const secret = await changeSecret(actor, system.id, requestId)
      return secret ? showOnce(actor, system, secret) : seeOther(page)
    }
    const isDigest = form.action === 'digest'
    const url = isDigest ? digestUrl.safeParse(form.recipient) : webhookUrl.safeParse(form.url)
    if (!url.success) return seeOther(`${page}?note=${isDigest ? 'bad-recipient' : 'bad-url'}`)
    const allowed = env().webhooks.allowedNetworks
    if (!isDigest && (await isKnownPrivate(new URL(url.data).hostname, { allowed })))
      return seeOther(`${page}?note=private-url`)
    const secret = await saveWebhook(actor, system.id, url.data, requestId)
    return secret ? showOnce(actor, system, secret) : seeOther(`${page}?note=saved`)
  },
  { pageOf: ({ system }) => `/staff/systems/${system}/events` },
)

async function showOnce(actor: StaffActor, { id, name }: { id: string; name: string }, secret: string) {
  const response = seeOther('/staff/systems/key')
  const shown = { key: secret, system: name, systemId: id, clientId: null, isWebhook: true }
  response.cookies.set(await makeOneTimeKeyCookie(actor, shown))
  return response
}
