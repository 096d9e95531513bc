import {
  BadgeCheck,
  Building2,
  FileDown,
  Fingerprint,
  FlaskConical,
  HeartPulse,
  LayoutDashboard,
  LifeBuoy,
  ListChecks,
  type LucideIcon,
  Megaphone,
  Menu,
  Plug,
  ScrollText,
  Settings,
  Users,
  UsersRound,
} from 'lucide-react'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import type { StaffRights } from '@/lib/actor'
import { env } from '@/lib/config/env'
import { type Ability, may } from '@/lib/staff/abilities'

type NavItem = {
  key:
    | 'overview'
    | 'people'
    | 'ids'
    | 'affiliations'
    | 'campaigns'
    | 'exports'
    | 'support'
    | 'departments'
    | 'activity'
    | 'team'
    | 'settings'
    | 'systems'
    | 'jobs'
    | 'health'
    | 'try'
  href: string
  Icon: LucideIcon
  needs: Ability
  needsMember?: true
}

const navItems: readonly NavItem[] = [
  { key: 'overview', href: '/staff', Icon: LayoutDashboard, needs: 'seeOverview' },
  { key: 'people', href: '/staff/people', Icon: Users, needs: 'seePeople' },
  { key: 'ids', href: '/staff/researchers', Icon: Fingerprint, needs: 'seePeople' },
  { key: 'affiliations', href: '/staff/affiliations', Icon: BadgeCheck, needs: 'seeAffiliations', needsMember: true },
  { key: 'campaigns', href: '/staff/campaigns', Icon: Megaphone, needs: 'seeCampaigns' },
  { key: 'exports', href: '/staff/exports', Icon: FileDown, needs: 'chooseExports' },
  { key: 'support', href: '/staff/attempts', Icon: LifeBuoy, needs: 'seeSupport' },
  { key: 'departments', href: '/staff/departments', Icon: Building2, needs: 'seeOverview' },
  { key: 'activity', href: '/staff/audit', Icon: ScrollText, needs: 'seeActivity' },
  { key: 'team', href: '/staff/team', Icon: UsersRound, needs: 'seePeople' },
  { key: 'systems', href: '/staff/systems', Icon: Plug, needs: 'manageSystems' },
  { key: 'jobs', href: '/staff/jobs', Icon: ListChecks, needs: 'seeJobs' },
  { key: 'health', href: '/staff/health', Icon: HeartPulse, needs: 'seeHealth' },
  { key: 'settings', href: '/staff/settings', Icon: Settings, needs: 'changeSettings' },
  { key: 'try', href: '/staff/try', Icon: FlaskConical, needs: 'tryTheFlow' },
]

/** The pages that somebody sees with these rights and credentials. */
export function listNavItems(rights: StaffRights): NavItem[] {
  const isMember = env().orcid.api === 'member'
  return navItems.filter(({ needs, needsMember }) => may(rights, needs) && (isMember || !needsMember))
}

/** The ways through the staff pages: a rail where there is room, a menu that opens where there is not. */
export async function StaffNav({ rights }: { rights: StaffRights }) {
  const t = await getTranslations('staff.nav')
  return (
    <>
      <nav aria-label={t('label')} className="no-print sticky top-6 hidden lg:block">
        <NavItems rights={rights} />
      </nav>
      <details className="no-print card px-0! py-0! lg:hidden">
        <summary className="flex min-h-11 items-center gap-2 px-4 font-medium [&::-webkit-details-marker]:hidden">
          <Menu size={20} />
          {t('menu')}
        </summary>
        <nav aria-label={t('label')} className="border-line border-t p-2">
          <NavItems rights={rights} isPlain />
        </nav>
      </details>
    </>
  )
}

/** `isPlain`: without icons, which would be a tenth of the page's weight where the rail has them already. */
async function NavItems({ rights, isPlain = false }: { rights: StaffRights; isPlain?: boolean }) {
  const t = await getTranslations('staff')
  const path = (await headers()).get('x-concord-path')?.split('?')[0] ?? ''
  const mine = listNavItems(rights)
  // Below `/staff` itself lie pages that are none of these.
  const current = navItems.find(({ href }) => path === href || (href !== '/staff' && path.startsWith(`${href}/`)))
  return (
    <>
      <ul className="space-y-1">
        {mine.map(({ key, href, Icon }) => (
          <li key={key}>
            <a href={href} aria-current={current?.href === href ? 'page' : undefined} className="nav-item">
              {isPlain ? null : <Icon size={20} className="shrink-0 text-ink-soft" />}
              {t(`nav.${key}`)}
            </a>
          </li>
        ))}
      </ul>
      <p className="note mt-4 border-line border-t px-3 pt-4 pb-1">
        {t('nav.you')}
        <br />
        <span className="font-medium text-ink">{t(`roles.${rights.role}`)}</span>
        {rights.departments?.map((department) => (
          <bdi key={department} translate="no" className="block [overflow-wrap:anywhere]">
            {department}
          </bdi>
        ))}
      </p>
    </>
  )
}
