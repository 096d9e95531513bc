import { requireStaff } from '@/lib/auth/gates'
import { encodeLogo, parseLogo } from '@/lib/config/logo'
import { settings } from '@/lib/config/settings'
import { uploadRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { saveSettings } from '@/lib/settings/commands'
import { findLock } from '@/lib/settings/locks'
import { type LogoVariable, logoVariables } from '@/lib/settings/setting'

const page = '/staff/settings?section=identity'

/** Takes a logo for light or for dark pages, or takes it away. The dark one stands beside a light one alone. */
export const POST = uploadRoute(
  { bytesMax: 200_000, tooLarge: `${page}&logo=too_large#logos` },
  async (sent, context) => {
    const actor = await requireStaff('changeSettings')
    const { bytes, fields } = sent
    const variable = logoVariables.find((one) => one === fields.logo)
    const version = Number(fields.version)
    if (!variable || findLock(variable) || !Number.isSafeInteger(version)) return seeOther(page)
    if (fields.do === 'remove') return save(Object.fromEntries(listRemoved(variable).map((one) => [one, null])))
    if (bytes.length === 0) return seeOther(`${page}&logo=no_file#logos`)
    const logo = parseLogo(Buffer.from(bytes))
    if (typeof logo === 'string')
      return seeOther(`${page}&logo=${logo.includes('viewBox') ? 'no_viewbox' : 'unreadable'}#logos`)
    if (variable === 'INSTITUTION_LOGO_DARK' && !hasLight()) return seeOther(`${page}&logo=light_first#logos`)
    return save({ [variable]: encodeLogo(logo) })

    async function save(values: Record<string, string | null>) {
      const result = await saveSettings(actor, { values, version }, context.requestId)
      return seeOther(`${page}&${'saved' in result ? 'note=saved' : 'logo=changed'}#logos`)
    }
  },
)

const hasLight = () => Boolean(findLock('INSTITUTION_LOGO') ?? settings().values.INSTITUTION_LOGO)

/** The dark one goes with the light one. */
const listRemoved = (variable: LogoVariable): LogoVariable[] =>
  variable === 'INSTITUTION_LOGO' && !findLock('INSTITUTION_LOGO_DARK') ? [...logoVariables] : [variable]
