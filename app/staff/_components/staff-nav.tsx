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
import { Fragment } from 'react'
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
  /** Where it stands; the first of them stands above all. */
  group?: (typeof groups)[number]
  href: string
  Icon: LucideIcon
  needs: Ability
  needsMember?: true
}

const groups = ['people', 'work', 'administration'] as const
/** Fewer pages than these are seen at a glance, without captions. */
const captionedFrom = 10

const navItems: readonly NavItem[] = [
  { key: 'overview', href: '/staff', Icon: LayoutDashboard, needs: 'seeOverview' },
  { key: 'people', group: 'people', href: '/staff/people', Icon: Users, needs: 'seePeople' },
  { key: 'ids', group: 'people', href: '/staff/researchers', Icon: Fingerprint, needs: 'seePeople' },
  { key: 'departments', group: 'people', href: '/staff/departments', Icon: Building2, needs: 'seeOverview' },
  {
    key: 'affiliations',
    group: 'work',
    href: '/staff/affiliations',
    Icon: BadgeCheck,
    needs: 'seeAffiliations',
    needsMember: true,
  },
  { key: 'campaigns', group: 'work', href: '/staff/campaigns', Icon: Megaphone, needs: 'seeCampaigns' },
  { key: 'exports', group: 'work', href: '/staff/exports', Icon: FileDown, needs: 'chooseExports' },
  { key: 'support', group: 'work', href: '/staff/attempts', Icon: LifeBuoy, needs: 'seeSupport' },
  { key: 'activity', group: 'work', href: '/staff/audit', Icon: ScrollText, needs: 'seeActivity' },
  { key: 'team', group: 'administration', href: '/staff/team', Icon: UsersRound, needs: 'seePeople' },
  { key: 'systems', group: 'administration', href: '/staff/systems', Icon: Plug, needs: 'manageSystems' },
  { key: 'jobs', group: 'administration', href: '/staff/jobs', Icon: ListChecks, needs: 'seeJobs' },
  { key: 'health', group: 'administration', href: '/staff/health', Icon: HeartPulse, needs: 'seeHealth' },
  { key: 'settings', group: 'administration', href: '/staff/settings', Icon: Settings, needs: 'changeSettings' },
  { key: 'try', group: 'administration', href: '/staff/try', Icon: FlaskConical, needs: 'tryTheFlow' },
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
      {[undefined, ...groups].map((group) => {
        const items = mine.filter((item) => item.group === group)
        return (
          <Fragment key={group ?? 'first'}>
            {group && items.length > 0 && mine.length >= captionedFrom ? (
              <p className="nav-caption">{t(`nav.groups.${group}`)}</p>
            ) : null}
            <ul>
              {items.map(({ key, href, Icon }) => (
                <li key={key}>
                  <a href={href} aria-current={current?.href === href ? 'page' : undefined} className="nav-item">
                    {isPlain ? null : <Icon size={20} className="shrink-0 text-ink-soft" />}
                    {t(`nav.${key}`)}
                  </a>
                </li>
              ))}
            </ul>
          </Fragment>
        )
      })}
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
