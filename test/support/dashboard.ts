import { readFileSync } from 'node:fs';
import { FILE } from '../../scripts/dashboard';

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly targets?: { readonly expr: string }[];
}

interface Model {
  readonly panels: Panel[];
}

/** An expression of the dashboard, and the panel that shows it. */
export interface PanelQuery {
  readonly panel: string;
  readonly expression: string;
}

export const model = (): Model => JSON.parse(readFileSync(FILE, 'utf8')) as Model;

/** What the dashboard asks Prometheus where one has chosen this cluster. */
export function panelQueries(namespace: string, cluster: string, range: string): PanelQuery[] {
  return model().panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({
      panel: title,
      expression: expr
        .replaceAll('$namespace', namespace)
        .replaceAll('$cluster', cluster)
        .replaceAll('$__rate_interval', range),
    })),
  );
}
