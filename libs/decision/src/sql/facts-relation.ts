import { STOP_KINDS, type StopKind } from '@kyoka/kernel';

/**
 * What the generated predicates read of one person and one candidate contact point: the columns that
 * the relation `f` has to have. It says what `PersonFacts` says, with a person's acts and stops already
 * reduced to how they stand in the cell of the question.
 *
 * | column | type | |
 * |---|---|---|
 * | `category` | text | null: not known |
 * | `cancelled` | boolean | |
 * | `contact_kind`, `contact_class` | text | null: no candidate |
 * | `sources` | text[] | of the candidate; null without one |
 * | `confirmed_at` | timestamptz | null: never |
 * | `acquired_source`, `policy_version` | text | null: not known |
 * | `acquired_at` | timestamptz | null with `acquired_source` |
 * | `notice_shown` | boolean | null: not known |
 * | `granted_at` | timestamptz | latest proven grant; null: none |
 * | `unproven`, `withdrawn`, `provided` | boolean | |
 * | `renewed` | text[] | versions under which a grant of the purpose itself stands |
 * | `stops` | integer | one bit a kind of stop, see {@link stopBit} |
 * | `ads_switch` | text | `on`, `off`, `never_set` |
 */

/** The bit by which a kind of stop stands in `stops`. */
export const stopBit = (kind: StopKind): number => 1 << STOP_KINDS.indexOf(kind);
