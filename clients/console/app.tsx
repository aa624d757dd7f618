import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { get, listen, useData } from './data.ts';
import { useKeys } from './keys.ts';
import { href, type Place, usePlace } from './page.ts';
import { Help } from './parts/help.tsx';
import { Empty, Shown } from './parts/states.tsx';
import { StageContext, type StageInfo, UNKNOWN } from './stage.ts';
import { clockTime, useNow, useZone, ZONES, type ZoneChoice, ZoneContext } from './time.ts';
import { ApiView } from './views/api.tsx';
import { EditView } from './views/edit.tsx';
import { JobView } from './views/job.tsx';
import { JobsView } from './views/jobs.tsx';
import { ModulesView } from './views/modules.tsx';
import { OverviewView } from './views/overview.tsx';
import { RunView } from './views/run.tsx';

const LINKS = [
  ['overview', 'Overview'],
  ['jobs', 'Jobs'],
  ['modules', 'Modules'],
  ['api', 'API'],
] as const;

function View({ place }: { readonly place: Place }) {
  const [view, id, part] = place.path;
  if (view === 'jobs' && id === undefined) return <JobsView {...place} />;
  if (view === 'jobs' && part === 'runs') return <RunView key={place.path.join('/')} {...place} />;
  if ((view === 'jobs' && part === 'edit') || view === 'new') return <EditView key={`${place.path.join('/')} ${place.query}`} {...place} />;
  if (view === 'jobs') return <JobView key={id} {...place} />;
  if (view === 'modules') return <ModulesView {...place} />;
  if (view === 'api') return <ApiView />;
  if (view === undefined || view === 'overview') return <OverviewView {...place} />;
  return (
    <Empty title="There is no such view">
      <a href={href([])}>Overview</a>
    </Empty>
  );
}

/** A choice that is kept in this browser. */
function useKept<Value extends string>(name: string, values: readonly Value[], byDefault: Value) {
  const [value, setValue] = useState<Value>(() => values.find((one) => one === localStorage.getItem(name)) ?? byDefault);
  const keep = (next: Value) => {
    localStorage.setItem(name, next);
    setValue(next);
  };
  return [value, keep] as const;
}

const THEMES = ['auto', 'light', 'dark'] as const;

export function App() {
  const place = usePlace();
  const [isLive, setLive] = useState(false);
  const [lostAt, setLostAt] = useState<string>();
  const [isHelpOpen, setHelp] = useState(false);
  const told = useData('stage', () => get<StageInfo>('/console/stage.json'), { every: Number.POSITIVE_INFINITY });
  const stage = told.value ?? UNKNOWN;
  const [zone, setZone] = useKept<ZoneChoice>('zone', ZONES, 'local');
  const [theme, setTheme] = useKept('theme', THEMES, 'auto');
  useEffect(
    () =>
      listen((live) => {
        setLive(live);
        setLostAt((before) => (live ? undefined : (before ?? new Date().toISOString())));
      }),
    [],
  );
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  const view = place.path[0] ?? 'overview';
  // With the view and not after it: who types at once must not lose the field to this.
  useLayoutEffect(() => {
    document.title = `${place.path[1] ?? LINKS.find(([name]) => name === view)?.[1] ?? 'New job'} · Carillon`;
    document.querySelector('main')?.focus({ preventScroll: true });
  }, [place.path.join('/')]);
  useKeys({ help: () => setHelp(true), theme: () => setTheme(theme === 'dark' ? 'light' : 'dark') });
  return (
    <StageContext.Provider value={stage}>
      <ZoneContext.Provider value={zone}>
        {told.value?.isProduction && <p class="production">Production: {stage.name}</p>}
        <nav class="top" aria-label="Carillon">
          <a class="brand" href={href([])}>
            Carillon
          </a>
          <span class="stage">
            {stage.name}
            {told.value?.readOnly && ' · read only'}
          </span>
          {LINKS.map(([name, text]) => (
            <a key={name} href={href([name])} aria-current={view === name ? 'page' : undefined}>
              {text}
            </a>
          ))}
          <span class="end">
            <span class={isLive ? 'live on' : 'live'} role="status">
              {isLive ? 'live' : 'not live'}
            </span>
            <select
              aria-label="Time zone of what is shown"
              value={zone}
              onChange={(event) => setZone(event.currentTarget.value as ZoneChoice)}
            >
              <option value="local">{Intl.DateTimeFormat().resolvedOptions().timeZone}</option>
              <option value="schedule">each schedule's zone</option>
              <option value="utc">UTC</option>
            </select>
            <select aria-label="Theme" value={theme} onChange={(event) => setTheme(event.currentTarget.value as (typeof THEMES)[number])}>
              {THEMES.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
            <button type="button" class="icon" aria-label="Keys" onClick={() => setHelp(true)}>
              ?
            </button>
          </span>
        </nav>
        {lostAt && <Lost at={lostAt} />}
        <main tabIndex={-1}>
          <Shown of={told}>{() => <View place={place} />}</Shown>
        </main>
        {isHelpOpen && <Help close={() => setHelp(false)} />}
      </ZoneContext.Provider>
    </StageContext.Provider>
  );
}

/** So long a connection may be gone before it is worth a word. */
const LOST_MS = 3_000;

function Lost({ at }: { readonly at: string }) {
  const isOver = useNow() - Date.parse(at) > LOST_MS;
  const zone = useZone();
  if (!isOver) return null;
  return (
    <p class="lost" role="alert">
      Not connected since {clockTime(at, zone).slice(0, 8)}: what you see is as it was then. A host that was started anew prints another
      address.
    </p>
  );
}
