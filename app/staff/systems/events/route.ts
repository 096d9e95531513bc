import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { removeWebhook, replayFrom, sendAgain, sendTest, switchWebhook } from '@/lib/webhooks/commands'

const fields = z.object({
  system: z.uuid(),
  action: z.enum(['on', 'off', 'test', 'again', 'replay', 'remove']),
  delivery: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
  position: z.string().trim().max(20).optional(),
  sure: z.literal('yes').optional(),
})

/** What staff do with the webhook of a system, besides its address and secret. */
export const POST = formRoute('write', fields, async (form, { requestId }) => {
  const actor = await requireStaff('manageSystems')
  const { system: systemId, action, delivery, position, sure } = form
  const page = `/staff/systems/${systemId}/events`
  const toNote = (note: string) => seeOther(`${page}?note=${note}`)
  switch (action) {
    case 'on':
    case 'off':
      await switchWebhook(actor, systemId, action, requestId)
      return toNote(action)
    case 'test':
      await sendTest(actor, systemId, requestId)
      return toNote('tested')
    case 'again':
      if (delivery) await sendAgain(actor, { systemId, deliveryId: BigInt(delivery) }, requestId)
      return toNote('again')
    case 'replay': {
      if (!/^\d{1,15}$/.test(position ?? '')) return toNote('bad-position')
      const count = await replayFrom(actor, { systemId, position: Number(position) }, requestId)
      return toNote(count > 0 ? 'replayed' : 'nothing')
    }
    case 'remove':
      if (!sure) return seeOther(page)
      await removeWebhook(actor, systemId, requestId)
      return toNote('removed')
  }
})
