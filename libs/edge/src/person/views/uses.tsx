import { Badge, Button, DataTable, Form, useFormats, useLang, useWords } from '@kyoka/pages';
import { cellKey, type CellView, type EvidenceShown, type PersonView } from '@kyoka/person';
import type { VNode } from 'preact';
import { PREFERENCE_WORDS } from '../words/page-words.js';
import { GROUND_WORDS, groundsOf, isStoppable } from '../words/reasons.js';
import { channelName, purposeName } from './cell-names.js';

interface UsesProps {
  readonly view: PersonView;
  readonly path: string;
  /** Whether something can be allowed again here. */
  readonly allowing: boolean;
}

/** Every purpose that the person may refuse: what is allowed, why, and the button that changes it. */
export function Uses({ view, path, allowing }: UsesProps): VNode {
  const say = useWords(PREFERENCE_WORDS);
  const lang = useLang();
  if (view.purposes.length === 0) return <p>{say('noPolicy')}</p>;
  return (
    <div>
      {view.purposes.map(({ purpose, cells }) => (
        <DataTable
          key={purpose.id}
          caption={purposeName(purpose, lang)}
          columns={[
            {
              title: say('channel'),
              names: true,
              cell: (cell) => (
                <>
                  <div>{channelName(cell, view, lang)}</div>
                  <State cell={cell} />
                </>
              ),
            },
            {
              title: say('why'),
              cell: (cell) => (
                <>
                  <Why cell={cell} />
                  <Change
                    cell={cell}
                    path={path}
                    allowing={allowing}
                    about={`${purposeName(purpose, lang)}, ${channelName(cell, view, lang)}`}
                  />
                </>
              ),
            },
          ]}
          rows={cells}
        />
      ))}
    </div>
  );
}

export function State({ cell }: { cell: CellView }): VNode {
  const say = useWords(PREFERENCE_WORDS);
  return cell.allowed ? (
    <Badge tone="good">{say('allowed')}</Badge>
  ) : (
    <Badge tone="plain">{say('notAllowed')}</Badge>
  );
}

export function Why({ cell }: { cell: CellView }): VNode {
  const say = useWords(PREFERENCE_WORDS);
  const ground = useWords(GROUND_WORDS);
  if (!cell.allowed) {
    return (
      <>
        {groundsOf(cell.reasons).map((one) => (
          <div key={one}>{ground(one)}</div>
        ))}
      </>
    );
  }
  return cell.evidence.length === 0 || cell.basis !== 'consent' ? (
    <div>{say('onClause')}</div>
  ) : (
    <>
      {cell.evidence.map((one) => (
        <Evidence key={one.id} evidence={one} />
      ))}
    </>
  );
}

function Evidence({ evidence: { at, form } }: { evidence: EvidenceShown }): VNode {
  const say = useWords(PREFERENCE_WORDS);
  const { day } = useFormats();
  const own = form !== undefined && form.endsWith('-page');
  return (
    <div>
      {form === undefined || own
        ? say('onConsent', { day: day(at) })
        : say('onForm', { day: day(at), form })}
    </div>
  );
}

interface ChangeProps {
  readonly cell: CellView;
  readonly path: string;
  readonly allowing: boolean;
  readonly about: string;
}

function Change({ cell, path, allowing, about }: ChangeProps): VNode | null {
  const say = useWords(PREFERENCE_WORDS);
  if (isStoppable(groundsOf(cell.reasons))) {
    return (
      <Form action={path}>
        <Button name="stop" value={`cell:${cellKey(cell)}`} about={about}>
          {say('stop')}
        </Button>
      </Form>
    );
  }
  if (!cell.allowable || !allowing) return null;
  const query = new URLSearchParams({ cell: cellKey(cell) });
  return (
    <a href={`${path}/allow?${query.toString()}`}>
      {say('allow')}
      <span class="hidden"> {about}</span>
    </a>
  );
}
