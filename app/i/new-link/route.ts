import { after } from 'next/server'
import { z } from 'zod'
import { sendNewLink } from '@/lib/campaigns/new-link'
import { env } from '@/lib/config/env'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { getLanguage } from '@/lib/i18n/request'
import { log } from '@/lib/log'

const fields = z.union([z.object({ token: z.string().max(300) }), z.object({ email: z.string().max(1_000) })])

/** “Send me a new one”. Answers first, so that the time it takes says nothing about who is on the roster. */
export const POST = formRoute('link', fields, async (lead, { requestId }) => {
  if (!env().mail) return seeOther('/i')
  const locale = await getLanguage()
  after(() =>
    sendNewLink(lead, locale).catch((error) => log().error({ requestId, err: error }, 'failed to send a new link')),
  )
  return seeOther('/i/noted?what=new-link')
})
