import 'server-only'
import { env } from '@/lib/config/env'
import { isVariable } from '@/lib/settings/setting'
import { parseTextKey } from '@/lib/texts/part'
import { getInstitutionTexts } from '@/lib/texts/queries'

/** What holds now, as people read it; empty for nothing. */
export function findPresent(key: string): string {
  const { institution, checkEveryMs, recordCacheMs, invitationDays, mail, leavers, comparesDepartments } = env()
  const part = parseTextKey(key)
  if (part) {
    const texts = getInstitutionTexts(part.locale)
    const said = 'scope' in part ? texts.reasons?.[part.scope] : texts[part.sentence]
    return Array.isArray(said) ? said.join('\n') : (said ?? '')
  }
  if (!isVariable(key)) return ''
  switch (key) {
    case 'INSTITUTION_NAME':
      return institution.name
    case 'INSTITUTION_SHORT_NAME':
      return institution.shortName
    case 'INSTITUTION_ACCENT':
      return institution.accent.light
    case 'SUPPORT_EMAIL':
      return institution.supportEmail
    case 'PRIVACY_URL':
      return institution.privacyUrl ?? ''
    case 'ACCESSIBILITY_URL':
      return institution.accessibilityUrl ?? ''
    case 'INSTITUTION_LANGUAGES':
      return institution.languages.join(', ')
    case 'INSTITUTION_TIME_ZONE':
      return institution.timeZone
    case 'CHECK_EVERY_DAYS':
      return String(checkEveryMs / 86_400_000)
    case 'RECORD_CACHE_MINUTES':
      return String(recordCacheMs / 60_000)
    case 'INVITATION_DAYS':
      return String(invitationDays)
    case 'MAIL_PER_DAY':
      return mail ? String(mail.perDay) : ''
    case 'LEAVERS_PAUSE_DAYS':
      return String(leavers.pauseDays)
    case 'COMPARE_DEPARTMENTS':
      return comparesDepartments ? 'yes' : 'no'
    default:
      return ''
  }
}
