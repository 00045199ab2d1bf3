-- What every database has, beside all that is odd.
CREATE TABLE public.ordinary (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO public.ordinary SELECT n, 'n' || n FROM generate_series(1, 10) n;
