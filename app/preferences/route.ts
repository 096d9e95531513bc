import { z } from 'zod'
import { env } from '@/lib/config/env'
import { parseOwnPath } from '@/lib/http/own-path'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { themeCookie } from '@/lib/http/theme'
import { localeCookie } from '@/lib/i18n/request'

const fields = z.object({
  theme: z.enum(['light', 'dark', 'system']).optional(),
  locale: z.string().optional(),
  back: z.string().optional(),
})

const yearS = 365 * 24 * 60 * 60

/** Theme and language are kept in cookies of this browser; they say nothing about the person. */
export const POST = formRoute('write', fields, async ({ theme, locale, back }) => {
  const response = seeOther(parseOwnPath(back) ?? '/')
  const options = { path: '/', sameSite: 'lax', secure: env().secureCookies, httpOnly: true, maxAge: yearS } as const
  if (theme === 'system') response.cookies.set(themeCookie, '', { ...options, maxAge: 0 })
  else if (theme) response.cookies.set(themeCookie, theme, options)
  if (locale && env().institution.languages.includes(locale)) response.cookies.set(localeCookie, locale, options)
  return response
})
