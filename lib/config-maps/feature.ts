import { DATA_PATH, PASSWORDS_PATH, RUN_PATH } from './paths';
import { CONFIG_MAPS_RULES } from './rules';

/** The scripts, and what every member knows of its cluster. Made from what the features say, and so resolved last. */
export const configMaps = {
  rules: CONFIG_MAPS_RULES,
  variables: (): Record<string, string> => ({ DATA_DIR: DATA_PATH, RUN_DIR: RUN_PATH, PASSWORDS_DIR: PASSWORDS_PATH }),
};
