// models/one_or_many.py in Stan, written from its equations; data from `data.py`.
functions {
  // Log chance that none of n draws is bad, where draws share their fate: a beta-binomial of real n.
  real log_survival(real bad, real n, real shared) {
    real rho = shared / (1 - shared);
    real a = (1 - bad) / rho;
    real b = 1 / rho;
    return lgamma(a + n) - lgamma(a) - lgamma(b + n) + lgamma(b);
  }
  // Chance of a majority of seats, each of which votes by itself with the stand of its bloc.
  real majority(array[] int seats, vector stands) {
    int total = sum(seats);
    vector[total + 1] votes = rep_vector(0, total + 1);
    int sat = 0;
    votes[1] = 1;
    for (bloc in 1:size(seats)) {
      for (seat in 1:seats[bloc]) {
        sat += 1;
        for (k in 0:(sat - 1)) {
          int yes = sat - k;
          votes[yes + 1] = votes[yes + 1] * (1 - stands[bloc]) + votes[yes] * stands[bloc];
        }
        votes[1] *= 1 - stands[bloc];
      }
    }
    return sum(votes[(total %/% 2 + 2):(total + 1)]);
  }
}
data {
  int<lower=1> R;  // regimes, the reference first
  int<lower=1> H;  // horizons
  int<lower=1> Q;  // quantities
  int<lower=1> V;  // those that vary by regime
  array[V] int<lower=1, upper=Q> varying;
  vector[Q] prior_mean;
  vector[Q] prior_sd;
  matrix[V, R] shift;
  matrix[V, R] variance;
  matrix[V, R] competence;
  vector[H] years;
  vector[R] projects;
  int<lower=1> rivals;
  vector[R] merge_believed;
  vector[R] conspicuous;
  vector[R] idle_years;
  int<lower=1> boards;  // boards that differ in their seats
  array[boards, 3] int<lower=0> seats;
  array[R] int<lower=1, upper=boards> board;
  vector[R] halt_delay;
  vector[R] window;
  vector[6] population_centre;
  vector[6] population_spread;
  int<lower=1> J;  // judged cells
  array[J] int<lower=1, upper=5> what;  // breach, misaligned, power concentration, catastrophe, extinction
  array[J] int<lower=1, upper=R> regime;
  array[J] int<lower=0, upper=R> reference;  // 0: none, the cell is no ratio
  array[J] int<lower=0, upper=H> horizon;
  vector[J] centre;
  vector[J] unit;
  int<lower=1> A;  // answers that count, in the order of their cells
  array[J] int<lower=1> first;
  array[J] int<lower=1> answers;
  array[A] int<lower=1, upper=J> cell;
  vector[A] location;
  vector[A] own;
  vector[A] narrow;
  vector[A] off_centre;
  vector[A] low;
  vector[A] high;
  vector[A] low_rest;
  vector[A] high_rest;
  vector[A] widen;
}
transformed data {
  vector[R] log_projects = log(projects);
  matrix[rivals, R] racing_on;
  vector[rivals] rank;
  for (k in 1:rivals) {
    rank[k] = k;
    for (r in 1:R) {
      real absent = 1 - fmin(fmax(projects[r] - k, 0), 1);
      racing_on[k, r] = 1 - fmax(merge_believed[r], absent);
    }
  }
  vector[R] in_time = exp(-halt_delay ./ window);
}
parameters {
  vector[Q] latent;
  real<lower=0> regime_spread;
  matrix[V, R] deviation;
  real government_competence;
  vector[6] population;
}
model {
  latent ~ std_normal();
  regime_spread ~ normal(0, 0.25);
  to_vector(deviation) ~ std_normal();
  government_competence ~ std_normal();
  population ~ std_normal();

  // Quantities, in the order of PRIORS.
  vector[Q] base = prior_mean + prior_sd .* latent;
  matrix[V, R] link;
  for (v in 1:V) {
    link[v, 1] = base[varying[v]] + shift[v, 1] + competence[v, 1] * government_competence;
    for (r in 2:R) {
      link[v, r] = base[varying[v]] + shift[v, r] + competence[v, r] * government_competence
                   + sqrt(variance[v, r] + square(regime_spread)) * deviation[v, r];
    }
  }
  real gap = exp(base[1]);
  real corners_cut = exp(base[2]);
  real imitated = inv_logit(base[3]);
  real hurry = exp(base[4]);
  real arrival = exp(base[5]);
  real shared_fate = inv_logit(base[8]);
  real deceptive = inv_logit(base[9]);
  real catches_naive = inv_logit(base[10]);
  vector[3] stands = inv_logit(base[12:14]);
  real rules_changed = inv_logit(base[15]);
  real offence_advantage = base[17];
  vector[3] handicap = exp(base[18:20]);
  real decisiveness = exp(base[21]);
  real lead = exp(base[22]);
  real dilution = inv_logit(base[25]);
  real thief_pace = exp(base[26]);
  real thief_lag = exp(base[27]);
  real thief_excess = exp(base[28]);
  real optimism = exp(base[29]);
  real extinction_given = inv_logit(base[30]);
  real rivals_check = exp(base[32]);
  vector[R] pace = exp(link[1]');
  vector[R] catches_deceptive = inv_logit(link[3]');
  vector[R] regulator_halts = inv_logit(link[4]');
  vector[R] defence = exp(link[5]') * (1 + lead / 12);
  vector[R] breach_hazard = log1p_exp(link[6]') / 10;

  // Racing.
  vector[R] rivalry = (1 - conspicuous * imitated) .* (racing_on' * exp(-gap * rank / 6));
  vector[R] pressure = rivalry ./ (1 + rivalry);
  vector[R] bad_link = link[2]' + corners_cut * pressure;
  vector[R] bad = inv_logit(bad_link);
  vector[R] thief_bad = inv_logit(bad_link + thief_excess);
  vector[R] rate = projects .* pace .* exp(hurry * pressure);

  // Inspection and halting.
  vector[R] missed = deceptive * (1 - catches_deceptive) + (1 - deceptive) * (1 - catches_naive);
  vector[boards] carried;
  for (b in 1:boards) {
    carried[b] = majority(seats[b], stands);
  }
  vector[R] by_board = carried[board] * (1 - rules_changed) .* in_time;
  vector[R] halted = by_board + (1 - by_board) .* regulator_halts;
  vector[R] released = missed + (1 - missed) .* (1 - halted);

  // Offence and defence, theft, the unilateralist.
  vector[R] held = rep_vector(1, R);
  for (route in 1:3) {
    held .*= 1 - inv_logit(offence_advantage - handicap[route] - decisiveness * log(defence));
  }
  vector[R] win = 1 - held;
  vector[R] surface = breach_hazard .* projects .* exp(-dilution * fmax(log_projects, 0));
  real log_sober = std_normal_lcdf(1 / optimism |);
  matrix[R, H] catastrophe;
  for (r in 1:R) {
    real since = fmax(arrival, idle_years[r]);
    real goes = bad[r] * released[r] * win[r];
    real thief_goes = thief_bad[r] * win[r];
    for (h in 1:H) {
      real dangerous = 2 * log1p_exp((years[h] - since) / 2);
      real inside = log_survival(goes, rate[r] * dangerous, shared_fate);
      real stolen = -expm1(-surface[r] * dangerous);
      real thief_draws = thief_pace * fmax(dangerous - thief_lag, 0);
      real outside = -stolen * expm1(log_survival(thief_goes, thief_draws, shared_fate));
      real able = projects[r] * -expm1(-pace[r] * dangerous);
      real rash = -expm1(able * log_sober) * bad[r] * win[r];
      catastrophe[r, h] = -expm1(inside + log1m(outside) + log1m(rash));
    }
  }
  vector[R] power_link = link[7]' - rivals_check * log_projects;

  // What the judgements judge, in each question's standard units.
  vector[J] truth;
  for (j in 1:J) {
    int r = regime[j];
    int o = reference[j];
    real value;
    if (what[j] == 1) {
      value = link[6, r];
    } else if (what[j] == 2) {
      value = link[2, r];
    } else if (what[j] == 3) {
      value = power_link[r];
    } else if (o > 0) {
      value = log(catastrophe[r, horizon[j]]) - log(catastrophe[o, horizon[j]]);
    } else {
      value = logit((what[j] == 5 ? extinction_given : 1) * catastrophe[r, horizon[j]]);
    }
    truth[j] = (value - centre[j]) / unit[j];
  }

  // The mixture of recalibrated experts; of the weights' spread nothing is learned without seeds.
  vector[6] linked = population_centre + population_spread .* population;
  real width = exp(linked[1]);
  real extra_width = exp(linked[2]);
  real degrees = exp(linked[3]);
  real half = (degrees + 1) / 2;
  real peak = lgamma(half) - lgamma(degrees / 2) - 0.5 * log(degrees * pi()) + log2();
  vector[A] weight = own + linked[4] * narrow + linked[5] * off_centre;
  vector[A] below = widen .* sqrt(square(width * low) + square(extra_width) + square(low_rest));
  vector[A] above = widen .* sqrt(square(width * high) + square(extra_width) + square(high_rest));
  vector[A] density;
  for (a in 1:A) {
    real away = truth[cell[a]] - location[a];
    real z = away / (away < 0 ? below[a] : above[a]);
    density[a] = peak - half * log1p(square(z) / degrees) - log(below[a] + above[a]);
  }
  for (j in 1:J) {
    vector[answers[j]] logs = segment(weight, first[j], answers[j]);
    target += log_sum_exp(logs + segment(density, first[j], answers[j])) - log_sum_exp(logs);
  }
}
