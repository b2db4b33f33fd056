"""Many assessments at once: who stands where, how far that holds, and what may be told of it.

    distributions, movers, standings, peers, spread    the figures of a cycle, and between two
    suppression, with cuts and disclosure              which groups are too small to be told of
    structures, normalising, composite                 composites of any figures
    coherence, correlations                            whether their parts belong together
    national, national_coherence, moments              all of a country in whole numbers
    robustness, with assumptions, perturbation         how far their ranks can be believed
    stored_composites, questionnaire_structures        the same of a questionnaire and its results
    claims, agreement, check_order                     what was claimed, found, and checked first
    series, stored_rolling_up                          over years, and from units to agencies

Pure: stored results in, figures out. Nothing here scores, reads a file, a clock or a database.
"""
