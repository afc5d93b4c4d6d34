import { readFileSync } from 'node:fs';
import { FILE } from '../../scripts/dashboard';

export interface Panel {
  readonly type: string;
  readonly title: string;
  /** In columns, of which there are 24, and rows. */
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly options?: { readonly textMode?: string };
  readonly targets?: { readonly expr: string; readonly legendFormat: string }[];
}

interface Model {
  readonly panels: Panel[];
}

/** An expression of the dashboard, the panel that shows it, and what each of its series is called there. */
export interface PanelQuery {
  readonly panel: string;
  readonly expression: string;
  readonly legend: (labels: Readonly<Record<string, string>>) => string;
}

export const model = (): Model => JSON.parse(readFileSync(FILE, 'utf8')) as Model;

/** What the dashboard asks Prometheus where one has chosen this cluster. */
export function panelQueries(namespace: string, cluster: string, range: string): PanelQuery[] {
  return model().panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({
      panel: title,
      expression: expr
        .replaceAll('$namespace', namespace)
        .replaceAll('$cluster', cluster)
        .replaceAll('$__rate_interval', range),
      legend: (labels) => legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? ''),
    })),
  );
}
