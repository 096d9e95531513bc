import { ArrowLeft } from 'lucide-react'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { findPageBefore } from '@/lib/auth/gates'

/** Stands above the heading of a page and leads to where it belongs. */
export function BackLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} className="no-print mb-2 flex min-h-8 w-fit items-center gap-1.5 text-sm">
      <ArrowLeft size={16} className="shrink-0 rtl:rotate-180" />
      {children}
    </a>
  )
}

const pages = {
  overview: '/staff',
  people: '/staff/people',
  ids: '/staff/researchers',
  affiliations: '/staff/affiliations',
  campaigns: '/staff/campaigns',
  systems: '/staff/systems',
} as const

/** To a page of the rail, by its name there. */
export async function BackTo({ page }: { page: keyof typeof pages }) {
  return <BackLink href={pages[page]}>{(await getTranslations('staff.nav'))(page)}</BackLink>
}

/** From a person to the list that led here, with its filters; otherwise to the usual one. */
export async function BackToList({ usual }: { usual: 'people' | 'ids' }) {
  const before = (await findPageBefore()) ?? ''
  const list = (['people', 'ids'] as const).find((one) => before.split('?')[0] === pages[one])
  if (!list) return <BackTo page={usual} />
  return <BackLink href={before}>{(await getTranslations('staff.nav'))(list)}</BackLink>
}
