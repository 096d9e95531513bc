import { findAttemptByReference } from '@/lib/attempts/lookup'
import { listEventsTogether } from '@/lib/audit/history'
import { requireStaff } from '@/lib/auth/gates'
import { readReference } from '@/lib/crypto/secrets'
import { readRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { may } from '@/lib/staff/abilities'

const charsMax = 60

/** Leads from the field for a reference to what has it: an attempt, or a request that was written down. */
export const GET = readRoute('none', async (query) => {
  const actor = await requireStaff('seePeople')
  const given = (query.get('reference') ?? '').trim()
  const reference = readReference(given)
  if (!given) return seeOther('/staff/attempts')
  const isKnown =
    reference &&
    ((await findAttemptByReference(actor, reference)) ||
      (may(actor, 'seeSupport') && (await listEventsTogether(actor, { requestId: reference })).length > 0))
  if (isKnown) return seeOther(`/staff/attempts/${reference}`)
  const typed = new URLSearchParams({ reference: [...given].slice(0, charsMax).join('') })
  return seeOther(`/staff/attempts/unknown?${typed}`)
})
