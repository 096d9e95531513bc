import { z } from 'zod'
import type { StaffRights } from '@/lib/actor'
import { roles } from '@/lib/staff/staff'

const departmentCharsMax = 200

const path = z.string().trim().max(departmentCharsMax)

/** What a form says about the rights of a member, or of somebody who is invited. */
export const rightsFields = z.object({
  role: z.enum(roles),
  limit: z.enum(['all', 'some']).default('all'),
  department: z.union([path.transform((one) => [one]), z.array(path).max(100)]).default([]),
  export: z.literal('yes').optional(),
})

export type TypedRights = z.infer<typeof rightsFields>

/** Null if they are to be limited, and no department is given. */
export function parseRights({ role, limit, department, export: exports }: TypedRights): StaffRights | null {
  if (role === 'admin') return { role, departments: null, mayExport: true }
  const departments = [...new Set(department.filter(Boolean))]
  if (limit === 'some' && departments.length === 0) return null
  return { role, departments: limit === 'some' ? departments : null, mayExport: exports === 'yes' }
}

/** To show a form again as it was typed. */
export const toTypedParameters = ({ role, limit, department, export: exports }: TypedRights): URLSearchParams =>
  new URLSearchParams([
    ['role', role],
    ['limit', limit],
    ...department.filter(Boolean).map((one): [string, string] => ['department', one]),
    ...(exports ? [['export', exports] as [string, string]] : []),
  ])
