import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { makeOneTimeKeyCookie } from '@/lib/auth/one-time-link'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { makeKey } from '@/lib/systems/keys'
import { findSystem } from '@/lib/systems/queries'

const fields = z.object({
  system: z.uuid(),
  name: z
    .string()
    .max(100)
    .transform((name) => name.trim()),
  kind: z.enum(['key', 'client']),
  expiresOn: z.union([z.literal(''), z.iso.date()]).default(''),
})

/** Makes a key. It goes to the page that shows it in a sealed cookie: it is in no address and no log. */
export const POST = formRoute(
  'invite',
  fields,
  async ({ system: id, name, kind, expiresOn }, { requestId }) => {
    const actor = await requireStaff('manageKeys')
    const system = await findSystem(actor, id)
    if (!system) return seeOther('/staff/systems?note=gone')
    if (name === '') return seeOther(`/staff/systems/${id}#new-key`)
    const made = await makeKey(actor, id, { kind, name, expiresOn: expiresOn || null, requestId })
    const response = seeOther('/staff/systems/key')
    const clientId = kind === 'client' ? made.id : null
    response.cookies.set(
      await makeOneTimeKeyCookie(actor, { key: made.key, system: system.name, systemId: id, clientId }),
    )
    return response
  },
  { pageOf: ({ system }) => `/staff/systems/${system}` },
)
